/** Every event of a stream, for people who audit. */
@NullMarked
package io.openshell.projection.history;

import org.jspecify.annotations.NullMarked;
