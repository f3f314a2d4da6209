/** Measures the log: histories written straight into it, folds of it, and what a killed gateway costs. */
@NullMarked
package io.openshell.bench.log;

import org.jspecify.annotations.NullMarked;
