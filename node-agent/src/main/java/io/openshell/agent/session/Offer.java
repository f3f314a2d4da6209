package io.openshell.agent.session;

import io.openshell.agent.runtime.RunningSandbox;

/** What a session has to offer the gateway that waits for it. */
sealed interface Offer {
    /** A process in this sandbox. */
    record Serve(RunningSandbox sandbox) implements Offer {}

    /** The reason why there will be none, told at once so that nobody waits in vain. */
    record Refuse(SessionEnd.NotStarted why) implements Offer {}
}
