/** What the gateway was told to do: arguments and environment, read once. */
@NullMarked
package io.openshell.gateway.config;

import org.jspecify.annotations.NullMarked;
