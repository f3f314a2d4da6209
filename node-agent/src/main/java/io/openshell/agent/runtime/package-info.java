/** The port through which the agent starts, enters and stops sandboxes, whatever runs them. */
@NullMarked
package io.openshell.agent.runtime;

import org.jspecify.annotations.NullMarked;
