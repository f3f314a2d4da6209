/** Many sandboxes on one host: what a launch costs then, how many can be made in a second, and what is left of them. */
@NullMarked
package io.openshell.bench.scale;

import org.jspecify.annotations.NullMarked;
