/** Tests of the arithmetic and the layout; the figures themselves need a running product. */
@NullMarked
package io.openshell.bench;

import org.jspecify.annotations.NullMarked;
