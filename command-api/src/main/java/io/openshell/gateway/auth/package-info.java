/** Who calls: from a connection and its metadata to an actor. */
@NullMarked
package io.openshell.gateway.auth;

import org.jspecify.annotations.NullMarked;
