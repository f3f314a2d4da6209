/** Reads of logs and of the event history. */
@NullMarked
package io.openshell.gateway.query;

import org.jspecify.annotations.NullMarked;
