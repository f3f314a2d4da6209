/** Tests of the built-in middleware. */
@NullMarked
package io.openshell.model.middleware;

import org.jspecify.annotations.NullMarked;
