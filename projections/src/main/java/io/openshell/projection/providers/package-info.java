/** Providers as clients see them. */
@NullMarked
package io.openshell.projection.providers;

import org.jspecify.annotations.NullMarked;
