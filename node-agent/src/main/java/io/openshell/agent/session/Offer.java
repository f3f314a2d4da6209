package io.openshell.agent.session;

import io.openshell.agent.runtime.RunningSandbox;
import java.util.Map;
import java.util.function.Supplier;

/** What a session has to offer the gateway that waits for it. */
sealed interface Offer {
    /** A process in this sandbox; a new one finds the variables besides the sandbox's own. */
    record Serve(RunningSandbox sandbox, Supplier<Map<String, String>> environment) implements Offer {}

    /** The reason why there will be none, told at once so that nobody waits in vain. */
    record Refuse(SessionEnd.NotStarted why) implements Offer {}
}
