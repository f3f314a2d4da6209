package io.openshell.agent.plan;

import io.openshell.model.Surroundings;
import io.openshell.model.global.GlobalRevision;
import io.openshell.model.policy.NetworkRule;
import io.openshell.model.policy.PolicyDocument;
import io.openshell.model.sandbox.ProvidedRules;
import io.openshell.model.sandbox.SandboxState.Live;
import java.util.Collections;
import java.util.Optional;
import java.util.SortedMap;

/**
 * What decides in a sandbox besides its own policy. Immutable.
 *
 * @param global the revision of the global policy whose network decides instead
 * @param provided rules of attached providers, beside its own; none while there is a global policy
 */
public record Overlay(Optional<GlobalRevision> global, SortedMap<String, NetworkRule> provided) {

    /** Its own policy and nothing else. */
    public static final Overlay NONE = new Overlay(Optional.empty(), Collections.emptySortedMap());

    /** By what is said for every sandbox. */
    public static Overlay of(Live wanted, Surroundings around) {
        Optional<GlobalRevision> global = around.globalPolicy().inForce();
        return new Overlay(global,
                global.isPresent() ? Collections.emptySortedMap() : ProvidedRules.of(wanted, around.settings()));
    }

    /** What decides while this is the sandbox's own policy. */
    public PolicyDocument over(PolicyDocument own) {
        return global.map(each -> each.over(own)).orElseGet(() -> ProvidedRules.over(own, provided));
    }

    /** Stands for the rules of providers. */
    public String mark() {
        return ProvidedRules.mark(provided);
    }
}
