/** Requests for models: recognised, given the route's model and key, and sent to the route's provider. */
@NullMarked
package io.openshell.proxy.inference;

import org.jspecify.annotations.NullMarked;
