package io.openshell.model.sandbox;

import io.openshell.model.policy.NetworkRule;
import java.time.Instant;

/**
 * A rule that a program in the sandbox asked for. It grants nothing before somebody approves it.
 *
 * @param id names it for as long as the sandbox lives
 * @param ruleName the key its entry shall have
 * @param intent what the program says it is for, may be empty
 * @param at when it was asked for
 */
public record AgentProposal(String id, String ruleName, NetworkRule rule, String intent, Instant at) {

    /** Whether it is about the same programs and destinations. */
    boolean isAbout(NetworkRule other) {
        return rule.binaries().equals(other.binaries()) && rule.endpoints().size() == other.endpoints().size()
                && rule.endpoints().stream().allMatch(mine -> other.endpoints().stream().anyMatch(
                        theirs -> mine.host().equalsIgnoreCase(theirs.host()) && mine.ports().equals(theirs.ports())));
    }
}
