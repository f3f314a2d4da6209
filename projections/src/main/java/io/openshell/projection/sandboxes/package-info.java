/** Sandboxes as clients see them. */
@NullMarked
package io.openshell.projection.sandboxes;

import org.jspecify.annotations.NullMarked;
