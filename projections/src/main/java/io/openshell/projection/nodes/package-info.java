/** Hosts that can run sandboxes. */
@NullMarked
package io.openshell.projection.nodes;

import org.jspecify.annotations.NullMarked;
