/** Starting and entering sandboxes on sealed throwaway threads, and carrying their processes' input and output. */
@NullMarked
package io.openshell.agent.launcher;

import org.jspecify.annotations.NullMarked;
