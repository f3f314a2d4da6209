/** Calls about providers and their place in sandboxes. */
@NullMarked
package io.openshell.gateway.provider;

import org.jspecify.annotations.NullMarked;
