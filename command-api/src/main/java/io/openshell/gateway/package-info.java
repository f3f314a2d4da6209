/** The gateway: takes calls, turns them into commands, answers from what was folded. {@link io.openshell.gateway.Main} starts it. */
@NullMarked
package io.openshell.gateway;

import org.jspecify.annotations.NullMarked;
