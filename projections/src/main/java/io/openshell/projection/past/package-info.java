/** Views of the past: the same reads, answered from the events up to a point. Nothing in here can be followed or acted on. */
@NullMarked
package io.openshell.projection.past;

import org.jspecify.annotations.NullMarked;
