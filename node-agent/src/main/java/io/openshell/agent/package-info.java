/** The node agent: makes one host's sandboxes what the log says they shall be. */
@NullMarked
package io.openshell.agent;

import org.jspecify.annotations.NullMarked;
