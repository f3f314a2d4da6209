/** What a workload inherits: descriptors and environment. */
@NullMarked
package io.openshell.agent.isolation.descriptors;

import org.jspecify.annotations.NullMarked;
