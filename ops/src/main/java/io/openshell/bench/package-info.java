/** Measures a running product against yardsticks in the same interleaved run, and prints the figures as a table. */
@NullMarked
package io.openshell.bench;

import org.jspecify.annotations.NullMarked;
