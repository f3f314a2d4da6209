/** Sandboxes in containers of a Docker engine, entered and sealed as all others are. */
@NullMarked
package io.openshell.agent.docker;

import org.jspecify.annotations.NullMarked;
