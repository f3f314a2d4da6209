package io.openshell.model;

import io.openshell.model.global.GlobalPolicy;
import io.openshell.model.policy.NetworkRule;
import io.openshell.model.policy.PolicyDocument;
import io.openshell.model.sandbox.Attachment;
import io.openshell.model.sandbox.ProvidedRules;
import io.openshell.model.sandbox.SandboxState;
import io.openshell.model.settings.Settings;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * What other streams say that matters for a command to a sandbox. Another process may be changing it at the same moment, so it is
 * as far as it is known where the decision is made.
 *
 * @param globalPolicy of the gateway
 * @param settings of the gateway
 * @param credentialed hosts for which the sandbox holds credentials
 * @param contributed rules by the name of the provider whose type contributes it
 */
public record Surroundings(
        GlobalPolicy globalPolicy, Settings settings, Set<String> credentialed, Map<String, NetworkRule> contributed) {

    /** Nothing is said anywhere else. */
    public static final Surroundings NONE = new Surroundings(GlobalPolicy.NONE, Settings.NONE);

    /** Keeps a copy. */
    public Surroundings {
        credentialed = Set.copyOf(credentialed);
        contributed = Map.copyOf(contributed);
    }

    /** Of a sandbox that holds no credentials. */
    public Surroundings(GlobalPolicy globalPolicy, Settings settings) {
        this(globalPolicy, settings, Set.of(), Map.of());
    }

    /** Why a sandbox cannot be asked this now; empty when nothing here speaks against it. */
    public Optional<Rejection> refusal(Command command, AggregateState state) {
        return state instanceof SandboxState.Live ? globalPolicy.refusal(command) : Optional.empty();
    }

    /**
     * What decides in a sandbox while this is its own policy: the network of a global policy, otherwise its own and what its
     * providers contribute.
     */
    public PolicyDocument deciding(PolicyDocument own, SandboxState.Live live) {
        return globalPolicy.inForce().map(global -> global.over(own))
                .orElseGet(() -> ProvidedRules.over(own, ProvidedRules.of(live, settings)));
    }

    /** What attaching this provider comes to now. */
    public Attachment attachment(String provider) {
        return new Attachment(provider, Optional.ofNullable(contributed.get(provider)));
    }

    /** Whether a global policy decides instead of a sandbox's own. */
    public boolean globalPolicyStands() {
        return globalPolicy.present();
    }
}
