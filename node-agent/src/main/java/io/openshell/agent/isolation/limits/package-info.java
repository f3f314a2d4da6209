/** Resource limits of the workload. */
@NullMarked
package io.openshell.agent.isolation.limits;

import org.jspecify.annotations.NullMarked;
