package io.openshell.gateway.learn;

import io.openshell.model.learn.DenialGroup;
import io.openshell.model.learn.Proposal;
import io.openshell.model.learn.SecurityNotes;
import io.openshell.model.sandbox.Drafts;
import java.util.List;
import java.util.Optional;

/**
 * A proposal as people see it.
 *
 * @param id names program and destination; the same for as long as the sandbox lives
 * @param status where it stands
 * @param group the denials behind it
 * @param proposal the rule
 * @param decided the newest decision, if there was one
 * @param note why it stands as it does, may be empty
 * @param token changes whenever the rule or the policy it would go into changes
 */
record Chunk(
        String id, Status status, DenialGroup group, Proposal proposal, Optional<Drafts.Decided> decided, String note, String token) {

    /** Where a proposal stands. */
    enum Status {
        PENDING,
        APPROVED,
        REJECTED;

        String word() {
            return name().toLowerCase(java.util.Locale.ROOT);
        }
    }

    List<String> notes() {
        return SecurityNotes.of(proposal.rule());
    }
}
