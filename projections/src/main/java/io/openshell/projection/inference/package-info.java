/** Inference routes as clients see them. */
@NullMarked
package io.openshell.projection.inference;

import org.jspecify.annotations.NullMarked;
