package io.openshell.model.sandbox;

import io.openshell.model.policy.NetworkRule;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * What was decided about proposed rules, and what programs in the sandbox proposed. A proposal that denials suggest stands in no
 * event before it is decided about.
 *
 * @param decided the newest decision by proposal
 * @param proposed what programs asked for, oldest first; of those that are decided, the newest {@value #MOST_DECIDED}
 * @param edits the rule that somebody put in the place of the proposed one, by proposal
 */
public record Drafts(Map<String, Decided> decided, List<AgentProposal> proposed, Map<String, NetworkRule> edits) {

    static final Drafts NONE = new Drafts(Map.of(), List.of(), Map.of());

    private static final int MOST_DECIDED = 256;

    /** Keeps a copy. */
    public Drafts {
        decided = Map.copyOf(decided);
        proposed = List.copyOf(proposed);
        edits = Map.copyOf(edits);
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

    /** What a program asked for under this id. */
    public Optional<AgentProposal> proposal(String draftId) {
        return proposed.stream().filter(each -> each.id().equals(draftId)).findFirst();
    }

    /** The rule that somebody put in the place of the proposed one. */
    public Optional<NetworkRule> edited(String draftId) {
        return Optional.ofNullable(edits.get(draftId));
    }

    /** The newest proposal of a program that waits for a decision and lets this program reach this destination. */
    public Optional<AgentProposal> pendingFor(String host, int port, String binary) {
        return undecided().reversed().stream().filter(each -> each.rule().binaries().stream().anyMatch(named -> named.path().equals(binary))
                && each.rule().endpoints().stream().anyMatch(
                        place -> place.host().equalsIgnoreCase(host) && place.ports().contains(port))).findFirst();
    }

    /** Proposals of programs that wait for a decision. */
    List<AgentProposal> undecided() {
        return proposed.stream().filter(each -> isOpen(each.id())).toList();
    }

    /** Whether a decision about it is still to come. */
    boolean isOpen(String draftId) {
        Verdict now = of(draftId).map(Decided::verdict).orElse(Verdict.UNDONE);
        return now == Verdict.UNDONE || now == Verdict.CLEARED;
    }

    Drafts with(String draftId, Decided next) {
        Map<String, Decided> all = new TreeMap<>(decided);
        all.put(draftId, next);
        if (next.verdict() != Verdict.CLEARED) {
            return new Drafts(all, proposed, edits);
        }
        // Nothing brings back what a program asked for once, and an edit is about what was shown then.
        Map<String, NetworkRule> left = new TreeMap<>(edits);
        left.remove(draftId);
        return new Drafts(all, proposed.stream().filter(each -> !each.id().equals(draftId)).toList(), left);
    }

    Drafts with(AgentProposal next) {
        List<AgentProposal> all = new ArrayList<>(proposed);
        all.add(next);
        long tooMany = all.stream().filter(each -> !isOpen(each.id())).count() - MOST_DECIDED;
        for (int i = 0; tooMany > 0 && i < all.size(); ) {
            if (isOpen(all.get(i).id())) {
                i++;
            } else {
                all.remove(i);
                tooMany--;
            }
        }
        return new Drafts(decided, all, edits);
    }

    Drafts with(String draftId, NetworkRule rule) {
        Map<String, NetworkRule> all = new TreeMap<>(edits);
        all.put(draftId, rule);
        return new Drafts(decided, proposed, all);
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
