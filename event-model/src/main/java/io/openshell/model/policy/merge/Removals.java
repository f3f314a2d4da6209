package io.openshell.model.policy.merge;

import io.openshell.model.policy.NetworkBinary;
import io.openshell.model.policy.NetworkEndpoint;
import io.openshell.model.policy.NetworkRule;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;

/** Takes things away. What is not there is no mistake, since it is gone as wanted; the caller is told. */
final class Removals {
    private Removals() {}

    static Optional<MergeOutcome.Refused> rule(MergeOperation.RemoveRule remove, Draft draft) {
        if (Draft.isReserved(remove.key())) {
            return Draft.invalid("rules starting with '_provider_' are removed with their provider");
        }
        if (draft.rules().remove(remove.key()) == null) {
            draft.warn("there is no rule '" + remove.key() + "' to remove");
        }
        return Draft.done();
    }

    static Optional<MergeOutcome.Refused> endpoint(MergeOperation.RemoveEndpoint remove, Draft draft) {
        boolean found = false;
        for (String key : draft.ownKeys()) {
            if (remove.key().isEmpty() || remove.key().get().equals(key)) {
                found |= endpoint(remove, key, draft);
            }
        }
        if (!found) {
            draft.warn("there is no endpoint " + remove.host() + ":" + remove.port() + " to remove");
        }
        return Draft.done();
    }

    private static boolean endpoint(MergeOperation.RemoveEndpoint remove, String key, Draft draft) {
        NetworkRule rule = Objects.requireNonNull(draft.rules().get(key));
        List<NetworkEndpoint> left = new ArrayList<>();
        for (NetworkEndpoint endpoint : rule.endpoints()) {
            boolean hit = endpoint.host().equalsIgnoreCase(remove.host()) && endpoint.ports().contains(remove.port());
            List<Integer> ports = endpoint.ports().stream().filter(port -> port != remove.port()).toList();
            if (!hit) {
                left.add(endpoint);
            } else if (!ports.isEmpty()) {
                left.add(endpoint.toBuilder().ports(ports).build());
            }
        }
        if (left.equals(rule.endpoints())) {
            return false;
        }
        if (left.isEmpty()) {
            draft.rules().remove(key);
        } else {
            draft.rules().put(key, new NetworkRule(rule.name(), left, rule.binaries()));
        }
        return true;
    }

    static Optional<MergeOutcome.Refused> binary(MergeOperation.RemoveBinary remove, Draft draft) {
        if (Draft.isReserved(remove.key())) {
            return Draft.invalid("rules starting with '_provider_' change with their provider");
        }
        NetworkRule rule = draft.rules().get(remove.key());
        NetworkBinary named = new NetworkBinary(remove.path());
        if (rule == null || !rule.binaries().contains(named)) {
            draft.warn("rule '" + remove.key() + "' does not name " + remove.path());
            return Draft.done();
        }
        List<NetworkBinary> left = rule.binaries().stream().filter(binary -> !binary.equals(named)).toList();
        if (left.isEmpty()) {
            draft.rules().remove(remove.key());
        } else {
            draft.rules().put(remove.key(), new NetworkRule(rule.name(), rule.endpoints(), left));
        }
        return Draft.done();
    }
}
