/** The node aggregate: hosts that run sandboxes, as the log knows them. */
@NullMarked
package io.openshell.model.node;

import org.jspecify.annotations.NullMarked;
