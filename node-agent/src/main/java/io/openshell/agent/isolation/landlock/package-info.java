/** File rules bound to the workload by the kernel. */
@NullMarked
package io.openshell.agent.isolation.landlock;

import org.jspecify.annotations.NullMarked;
