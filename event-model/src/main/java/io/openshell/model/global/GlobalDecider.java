package io.openshell.model.global;

import io.openshell.model.Actor;
import io.openshell.model.Context;
import io.openshell.model.Decider;
import io.openshell.model.Decision;
import io.openshell.model.Rejection;
import io.openshell.model.RejectionCode;
import io.openshell.model.policy.Admission;
import io.openshell.model.policy.PolicyDocument;
import io.openshell.model.policy.PolicyHash;
import java.util.Optional;

/** The rules of the global policy's stream. */
public final class GlobalDecider implements Decider<GlobalCommand, GlobalPolicy, GlobalEvent> {

    @Override
    public GlobalPolicy initial() {
        return GlobalPolicy.NONE;
    }

    @Override
    public Decision<GlobalEvent> decide(GlobalCommand command, GlobalPolicy state, Context context) {
        if (context.actor().kind() == Actor.Kind.NODE) {
            return Decision.reject(RejectionCode.REPORTER_NOT_ASSIGNED, "a node has no say in the global policy");
        }
        return switch (command) {
            case GlobalCommand.SetGlobal set -> set(set, state);
            case GlobalCommand.DeleteGlobal delete -> state.present()
                    ? Decision.accept(new GlobalEvent.GlobalPolicyDeleted(state.version()))
                    : Decision.unchanged();
        };
    }

    private static Decision<GlobalEvent> set(GlobalCommand.SetGlobal command, GlobalPolicy state) {
        int newest = state.revisions().size();
        if (command.expectedVersion() != 0 && command.expectedVersion() != newest) {
            return Decision.reject(RejectionCode.VERSION_CONFLICT,
                    "the newest global policy is version " + newest + ", not " + command.expectedVersion());
        }
        Optional<Rejection> bad = Admission.refusal(command.policy()).or(() -> bound(command.policy()));
        if (bad.isPresent()) {
            return new Decision.Rejected<>(bad.get());
        }
        String hash = PolicyHash.of(command.policy());
        return state.inForce().map(GlobalRevision::hash).filter(hash::equals).isPresent()
                ? Decision.unchanged()
                : Decision.accept(new GlobalEvent.GlobalPolicySet(newest + 1, hash, command.policy()));
    }

    /** A credential belongs to one sandbox's provider, so a policy for all of them cannot name it. */
    private static Optional<Rejection> bound(PolicyDocument policy) {
        return policy.networkPolicies().entrySet().stream()
                .filter(rule -> rule.getValue().endpoints().stream().anyMatch(each -> each.credentialBinding().isPresent()))
                .findFirst()
                .map(rule -> new Rejection(RejectionCode.POLICY_INVALID, "network_policies." + rule.getKey()
                        + ": credential_binding is not allowed in a global policy"));
    }

    @Override
    public GlobalPolicy evolve(GlobalPolicy state, GlobalEvent event, Context context) {
        return switch (event) {
            case GlobalEvent.GlobalPolicySet e ->
                state.set(new GlobalRevision(e.version(), e.hash(), e.policy(), context.time()));
            case GlobalEvent.GlobalPolicyDeleted e -> state.deleted(e.version());
        };
    }
}
