package io.openshell.gateway.learn;

import io.openshell.model.learn.SecurityNotes;
import io.openshell.model.policy.NetworkRule;
import io.openshell.model.sandbox.Drafts;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * A proposal as people see it.
 *
 * @param id the same for as long as the sandbox lives
 * @param status where it stands
 * @param ruleName key of the entry it shall become
 * @param rule what is proposed, or was put in its place, or was approved
 * @param source where it comes from
 * @param decided the newest decision, if there was one
 * @param note why it stands as it does, may be empty
 * @param review what approving it would do
 */
record Chunk(
        String id, Status status, String ruleName, NetworkRule rule, Source source, Optional<Drafts.Decided> decided, String note,
        Review review) {

    /** Where a proposal stands. */
    enum Status {
        PENDING,
        APPROVED,
        REJECTED;

        String word() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    /**
     * What a proposal was made from.
     *
     * @param stage what refused the first request, or {@code agent} when a program asked for it
     * @param binary the program it is about; several joined by a comma
     * @param count how often it was refused, or 1
     * @param confidence from 0.1 to 0.95
     */
    record Source(String stage, String binary, long count, Instant first, Instant last, double confidence, String rationale) {}

    List<String> notes() {
        return SecurityNotes.of(rule);
    }

    Chunk as(Status next, String why) {
        return new Chunk(id, next, ruleName, rule, source, decided, why, review);
    }
}
