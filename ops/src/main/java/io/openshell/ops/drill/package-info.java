/** Crash drills: real processes under load, killed at random, and the count of what was acknowledged afterwards. */
@NullMarked
package io.openshell.ops.drill;

import org.jspecify.annotations.NullMarked;
