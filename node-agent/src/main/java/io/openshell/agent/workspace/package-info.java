/** A sandbox's workspace: a folder of the host, and the file system of its own that it has when it has a size. */
@NullMarked
package io.openshell.agent.workspace;

import org.jspecify.annotations.NullMarked;
