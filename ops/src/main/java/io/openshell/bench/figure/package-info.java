/** The figures: each class measures one kind of thing and answers with rows of the table. */
@NullMarked
package io.openshell.bench.figure;

import org.jspecify.annotations.NullMarked;
