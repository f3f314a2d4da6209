/** The fold of the event log and the decisions made on top of it. */
@NullMarked
package io.openshell.projection.fold;

import org.jspecify.annotations.NullMarked;
