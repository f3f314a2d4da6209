package io.openshell.model;

import io.openshell.model.global.GlobalPolicy;
import io.openshell.model.sandbox.SandboxState;
import io.openshell.model.settings.Settings;
import java.util.Optional;
import java.util.Set;

/**
 * What other streams say that matters for a command to a sandbox. Another process may be changing it at the same moment, so it is
 * as far as it is known where the decision is made.
 *
 * @param globalPolicy of the gateway
 * @param settings of the gateway
 * @param credentialed hosts for which the sandbox holds credentials
 */
public record Surroundings(GlobalPolicy globalPolicy, Settings settings, Set<String> credentialed) {

    /** Nothing is said anywhere else. */
    public static final Surroundings NONE = new Surroundings(GlobalPolicy.NONE, Settings.NONE);

    /** Keeps a copy. */
    public Surroundings {
        credentialed = Set.copyOf(credentialed);
    }

    /** Of a sandbox that holds no credentials. */
    public Surroundings(GlobalPolicy globalPolicy, Settings settings) {
        this(globalPolicy, settings, Set.of());
    }

    /** Why a sandbox cannot be asked this now; empty when nothing here speaks against it. */
    public Optional<Rejection> refusal(Command command, AggregateState state) {
        return state instanceof SandboxState.Live ? globalPolicy.refusal(command) : Optional.empty();
    }

    /** Whether a global policy decides instead of a sandbox's own. */
    public boolean globalPolicyStands() {
        return globalPolicy.present();
    }
}
