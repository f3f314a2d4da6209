package io.openshell.agent.runtime;

import java.util.Map;

/** How taking a sandbox over ended. */
public sealed interface AdoptOutcome {
    /**
     * It is this agent's now, as if it had started it.
     *
     * @param verified what was found and compared, by name
     * @param secret what the start was given to keep
     */
    record Adopted(RunningSandbox sandbox, Map<String, String> verified, Secret secret) implements AdoptOutcome {
        public Adopted {
            verified = Map.copyOf(verified);
        }
    }

    /** It is not there any more, or not certainly the one that was written down. */
    record NotAdopted(String reason) implements AdoptOutcome {}
}
