/** What a node achieved per isolation layer. */
@NullMarked
package io.openshell.model.isolation;

import org.jspecify.annotations.NullMarked;
