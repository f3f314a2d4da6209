/** Bringing what sandboxes are made from to the node of this host. */
@NullMarked
package io.openshell.gateway.source;

import org.jspecify.annotations.NullMarked;
