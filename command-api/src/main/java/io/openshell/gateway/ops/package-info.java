/** Calls for looking after the gateway and its log. */
@NullMarked
package io.openshell.gateway.ops;

import org.jspecify.annotations.NullMarked;
