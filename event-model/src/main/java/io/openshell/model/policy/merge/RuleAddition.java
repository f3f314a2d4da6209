package io.openshell.model.policy.merge;

import io.openshell.model.policy.NetworkBinary;
import io.openshell.model.policy.NetworkEndpoint;
import io.openshell.model.policy.NetworkRule;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;

/** Adds an entry, or merges it into the one that is about the same endpoints already. */
final class RuleAddition {
    private RuleAddition() {}

    /** An entry with the addition in it, and what was ignored on the way. */
    private record Merged(NetworkRule rule, List<String> warnings) {}

    static Optional<MergeOutcome.Refused> apply(MergeOperation.AddRule add, Draft draft) {
        Optional<MergeOutcome.Refused> senseless = senseless(add);
        if (senseless.isPresent()) {
            return senseless;
        }
        if (add.rule().binaries().isEmpty()) {
            draft.warn("rule '" + add.key() + "' names no program, so by itself it lets nobody through; name one with --binary");
        }
        NetworkRule existing = draft.rules().get(add.key());
        return existing != null ? intoNamed(add, existing, draft) : intoNew(add, draft);
    }

    private static Optional<MergeOutcome.Refused> senseless(MergeOperation.AddRule add) {
        if (add.key().isBlank()) {
            return Draft.invalid("a rule needs a name");
        }
        if (Draft.isReserved(add.key())) {
            return Draft.invalid("rule names starting with '_provider_' are reserved");
        }
        if (add.rule().endpoints().isEmpty()) {
            return Draft.invalid("rule '" + add.key() + "' needs an endpoint");
        }
        return add.rule().endpoints().stream().map(Destinations::hopeless).flatMap(Optional::stream).findFirst()
                .flatMap(Draft::invalid);
    }

    private static Optional<MergeOutcome.Refused> intoNamed(MergeOperation.AddRule add, NetworkRule existing, Draft draft) {
        Optional<Merged> merged = merge(existing, add.rule());
        if (merged.isEmpty()) {
            return Draft.conflict("rule '" + add.key() + "' has an access preset that cannot be written as rules; replace the policy");
        }
        Optional<String> undeclared = Grants.undeclared(existing, add.rule(), merged.get().rule());
        if (undeclared.isPresent()) {
            return Draft.conflict("merging into rule '" + add.key() + "' would also let " + undeclared.get()
                    + ", which the operation does not name; use another rule name");
        }
        merged.get().warnings().forEach(draft::warn);
        draft.rules().put(add.key(), merged.get().rule());
        return Draft.done();
    }

    private static Optional<MergeOutcome.Refused> intoNew(MergeOperation.AddRule add, Draft draft) {
        Optional<String> related = draft.ownKeys().stream()
                .filter(key -> overlaps(Objects.requireNonNull(draft.rules().get(key)), add.rule())).findFirst();
        if (related.isPresent()) {
            String key = related.get();
            NetworkRule existing = Objects.requireNonNull(draft.rules().get(key));
            Optional<Merged> merged = merge(existing, add.rule())
                    .filter(found -> Grants.undeclared(existing, add.rule(), found.rule()).isEmpty());
            if (merged.isPresent()) {
                merged.get().warnings().forEach(draft::warn);
                draft.rules().put(key, merged.get().rule());
                return Draft.done();
            }
            draft.warn("rule '" + key + "' is about the same endpoint, but merging would grant more than asked for: '"
                    + add.key() + "' stays a rule of its own");
        }
        draft.rules().put(add.key(), new NetworkRule(add.rule().name(), add.rule().endpoints(), unique(add.rule().binaries())));
        return Draft.done();
    }

    private static boolean overlaps(NetworkRule existing, NetworkRule added) {
        return existing.endpoints().stream().anyMatch(one ->
                added.endpoints().stream().anyMatch(two -> EndpointMerge.same(one, two)));
    }

    private static Optional<Merged> merge(NetworkRule existing, NetworkRule added) {
        List<String> warnings = new ArrayList<>();
        List<NetworkEndpoint> endpoints = new ArrayList<>(existing.endpoints());
        for (NetworkEndpoint incoming : added.endpoints()) {
            int at = indexOf(endpoints, incoming);
            if (at < 0) {
                endpoints.add(incoming);
                continue;
            }
            Optional<NetworkEndpoint> merged = EndpointMerge.merge(endpoints.get(at), incoming, warnings);
            if (merged.isEmpty()) {
                return Optional.empty();
            }
            endpoints.set(at, merged.get());
        }
        List<NetworkBinary> binaries = new ArrayList<>(existing.binaries());
        binaries.addAll(added.binaries());
        return Optional.of(new Merged(new NetworkRule(existing.name(), endpoints, unique(binaries)), warnings));
    }

    private static int indexOf(List<NetworkEndpoint> endpoints, NetworkEndpoint wanted) {
        for (int i = 0; i < endpoints.size(); i++) {
            if (EndpointMerge.same(endpoints.get(i), wanted)) {
                return i;
            }
        }
        return -1;
    }

    private static List<NetworkBinary> unique(List<NetworkBinary> binaries) {
        Set<NetworkBinary> kept = new LinkedHashSet<>(binaries);
        return List.copyOf(kept);
    }
}
