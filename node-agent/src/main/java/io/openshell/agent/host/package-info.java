/** Programs of this machine that the agent has do something. */
@NullMarked
package io.openshell.agent.host;

import org.jspecify.annotations.NullMarked;
