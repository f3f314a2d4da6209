package io.openshell.model.policy.merge;

import io.openshell.model.policy.NetworkRule;
import io.openshell.model.policy.PolicyValidator;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/** The rules while a batch is applied, and what there is to say about it. Confined to one call. */
final class Draft {
    private final TreeMap<String, NetworkRule> rules;
    private final List<String> warnings = new ArrayList<>();

    Draft(Map<String, NetworkRule> rules) {
        this.rules = new TreeMap<>(rules);
    }

    SortedMap<String, NetworkRule> rules() {
        return rules;
    }

    /** Keys of the entries people wrote; the others belong to the control plane and are never touched. */
    List<String> ownKeys() {
        return rules.keySet().stream().filter(key -> !isReserved(key)).toList();
    }

    static boolean isReserved(String key) {
        return key.startsWith(PolicyValidator.RESERVED_PREFIX);
    }

    void warn(String sentence) {
        warnings.add(sentence);
    }

    List<String> warnings() {
        return warnings;
    }

    static Optional<MergeOutcome.Refused> done() {
        return Optional.empty();
    }

    static Optional<MergeOutcome.Refused> invalid(String reason) {
        return Optional.of(new MergeOutcome.Refused(MergeOutcome.Kind.INVALID, reason));
    }

    static Optional<MergeOutcome.Refused> conflict(String reason) {
        return Optional.of(new MergeOutcome.Refused(MergeOutcome.Kind.CONFLICT, reason));
    }

    static Optional<MergeOutcome.Refused> notFound(String reason) {
        return Optional.of(new MergeOutcome.Refused(MergeOutcome.Kind.NOT_FOUND, reason));
    }
}
