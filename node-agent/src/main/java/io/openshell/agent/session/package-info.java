/** The agent's end of exec and attach sessions: it dials the gateway and joins a process with whoever asked for it. */
@NullMarked
package io.openshell.agent.session;

import org.jspecify.annotations.NullMarked;
