/** Tests of the drills, short enough for every build. */
@NullMarked
package io.openshell.ops.drill;

import org.jspecify.annotations.NullMarked;
