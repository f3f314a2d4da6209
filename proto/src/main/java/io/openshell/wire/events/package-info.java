/** Between the log's bytes and the model: one codec per aggregate, both directions. */
@NullMarked
package io.openshell.wire.events;

import org.jspecify.annotations.NullMarked;
