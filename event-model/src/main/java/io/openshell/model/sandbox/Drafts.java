package io.openshell.model.sandbox;

import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * What was decided about proposed rules. A proposal nobody decided about is pending and stands in no event.
 *
 * @param decided the newest decision by proposal
 */
public record Drafts(Map<String, Decided> decided) {

    static final Drafts NONE = new Drafts(Map.of());

    /** Keeps a copy. */
    public Drafts {
        decided = Map.copyOf(decided);
    }

    /** What can be decided. */
    public enum Verdict {
        /** Its rule was added. */
        APPROVED,
        /** It is not wanted. */
        REJECTED,
        /** An approval was taken back; it is pending again. */
        UNDONE,
        /** It was put away; it comes back with new denials. */
        CLEARED
    }

    /**
     * The newest decision about a proposal.
     *
     * @param reason why, may be empty
     * @param policyVersion the policy revision it led to, 0 when it changed no policy
     */
    public record Decided(Verdict verdict, String reason, int policyVersion, Instant at) {}

    /** The newest decision about a proposal. */
    public Optional<Decided> of(String draftId) {
        return Optional.ofNullable(decided.get(draftId));
    }

    Drafts with(String draftId, Decided next) {
        Map<String, Decided> all = new TreeMap<>(decided);
        all.put(draftId, next);
        return new Drafts(all);
    }

    /** Whether this may be decided about the proposal now. */
    boolean allows(String draftId, Verdict next) {
        Verdict now = of(draftId).map(Decided::verdict).orElse(Verdict.UNDONE);
        return switch (next) {
            case APPROVED -> now != Verdict.APPROVED;
            case REJECTED -> now != Verdict.REJECTED;
            case UNDONE -> now == Verdict.APPROVED;
            case CLEARED -> now == Verdict.UNDONE || now == Verdict.CLEARED;
        };
    }
}
