/** A sandbox's shares of its machine, held by control groups of either version. */
@NullMarked
package io.openshell.agent.isolation.resources;

import org.jspecify.annotations.NullMarked;
