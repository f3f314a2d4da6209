/** What the log wants of this node's sandboxes, folded from the node's feed. */
@NullMarked
package io.openshell.agent.desired;

import org.jspecify.annotations.NullMarked;
