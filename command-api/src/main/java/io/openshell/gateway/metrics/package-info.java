/** What the gateway measures of itself, and the plain HTTP pages that show it. */
@NullMarked
package io.openshell.gateway.metrics;

import org.jspecify.annotations.NullMarked;
