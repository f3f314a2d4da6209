/** File trees that sandboxes stand on instead of the host's own system directories. */
@NullMarked
package io.openshell.agent.rootfs;

import org.jspecify.annotations.NullMarked;
