/** Folds of the log: the one state that both reads and decisions are made from. */
@NullMarked
package io.openshell.projection;

import org.jspecify.annotations.NullMarked;
