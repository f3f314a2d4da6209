package io.openshell.model.sandbox;

import io.openshell.model.Decision;
import io.openshell.model.Rejection;
import io.openshell.model.RejectionCode;
import io.openshell.model.Surroundings;
import io.openshell.model.policy.Admission;
import io.openshell.model.policy.LiveUpdate;
import io.openshell.model.policy.PolicyDocument;
import io.openshell.model.policy.PolicyHash;
import io.openshell.model.policy.PolicyViolation;
import io.openshell.model.sandbox.SandboxState.Live;
import io.openshell.model.settings.SettingKey;
import io.openshell.model.settings.Settings;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** What becomes of the things users ask of a sandbox. Pure. */
final class UserCommands {

    private UserCommands() {}

    static Decision<SandboxEvent> create(SandboxCommand.Create c, SandboxState state, Surroundings around) {
        return switch (state) {
            case Live live -> Decision.reject(
                    RejectionCode.SANDBOX_NAME_TAKEN,
                    live.phase() == Phase.DELETING
                            ? "sandbox '" + c.request().name() + "' is still being deleted"
                            : "sandbox '" + c.request().name() + "' exists already");
            case SandboxState.Unused unused -> requested(c, 1, around);
            // Reports name an epoch and not a sandbox, so a late one of the sandbox that is gone must not fit this one.
            case SandboxState.Deleted gone -> requested(c, gone.epoch() + 1, around);
        };
    }

    private static Decision<SandboxEvent> requested(SandboxCommand.Create c, long epoch, Surroundings around) {
        Optional<Decision<SandboxEvent>> bad = refusePolicy(c.policy());
        if (bad.isPresent()) {
            return bad.get();
        }
        if (c.node().isEmpty()) {
            return Decision.reject(RejectionCode.NO_NODE_AVAILABLE, "no node can run a sandbox now");
        }
        List<SandboxEvent> events = new ArrayList<>();
        events.add(new SandboxEvent.SandboxRequested(c.request()));
        c.providers().stream().distinct().map(around::attachment).map(SandboxEvent.ProviderAttached::new).forEach(events::add);
        events.add(new SandboxEvent.PolicyRevisionStored(1, PolicyHash.of(c.policy()), c.policy(), Map.of()));
        events.add(new SandboxEvent.SandboxAssigned(c.node().get(), epoch));
        return new Decision.Accepted<>(events);
    }

    static Decision<SandboxEvent> stop(Live live) {
        return switch (live.phase()) {
            case READY, STARTING -> Decision.accept(new SandboxEvent.StopRequested(live.placement().epoch()));
            // With its main process gone the sandbox is in error but its record can still be put to rest.
            case ERROR -> Decision.accept(new SandboxEvent.StopRequested(live.placement().epoch()));
            case STOPPING, STOPPED -> Decision.unchanged();
            case PROVISIONING -> Decision.reject(
                    RejectionCode.SANDBOX_NOT_STOPPABLE, "the sandbox is still being provisioned");
            case DELETING -> Decision.reject(RejectionCode.SANDBOX_BEING_DELETED, "the sandbox is being deleted");
        };
    }

    static Decision<SandboxEvent> start(SandboxCommand.Start c, Live live) {
        return switch (live.phase()) {
            case READY -> live.lifecycle().paused()
                    // Only who holds it can let it go on.
                    ? Decision.reject(RejectionCode.SANDBOX_NOT_STARTABLE, live.lifecycle().condition().message())
                    : Decision.unchanged();
            case STARTING, PROVISIONING -> Decision.unchanged();
            case STOPPED, ERROR -> c.node().isEmpty()
                    ? Decision.reject(RejectionCode.NO_NODE_AVAILABLE, "no node can run a sandbox now")
                    // The workspace lives on the node that had the sandbox, so it starts there again.
                    : Decision.accept(new SandboxEvent.StartRequested(
                            live.placement().node(), live.placement().epoch() + 1));
            case STOPPING -> Decision.reject(
                    RejectionCode.SANDBOX_NOT_STARTABLE, "the sandbox is still stopping; start it once it is Stopped");
            case DELETING -> Decision.reject(RejectionCode.SANDBOX_BEING_DELETED, "the sandbox is being deleted");
        };
    }

    static Decision<SandboxEvent> delete(Live live) {
        return live.phase() == Phase.DELETING
                ? Decision.unchanged()
                : Decision.accept(new SandboxEvent.DeleteRequested());
    }

    static Decision<SandboxEvent> setPolicy(SandboxCommand.SetPolicy c, Live live) {
        if (live.phase() == Phase.DELETING) {
            return Decision.reject(RejectionCode.SANDBOX_BEING_DELETED, "the sandbox is being deleted");
        }
        Policies policies = live.policies();
        PolicyRevision newest = policies.newest().orElseThrow();
        if (c.expectedVersion() != 0 && c.expectedVersion() != newest.version()) {
            return Decision.reject(
                    RejectionCode.VERSION_CONFLICT,
                    "the newest policy is version " + newest.version() + ", not " + c.expectedVersion());
        }
        Optional<Decision<SandboxEvent>> bad = refusePolicy(c.policy());
        if (bad.isPresent()) {
            return bad.get();
        }
        List<PolicyViolation> changed =
                LiveUpdate.check(policies.revisions().get(0).policy(), c.policy());
        if (!changed.isEmpty()) {
            return Decision.reject(RejectionCode.POLICY_STATIC_PART_CHANGED, Admission.sentences(changed));
        }
        String hash = PolicyHash.of(c.policy());
        if (hash.equals(newest.hash()) && c.provenance().equals(newest.provenance())) {
            return Decision.unchanged();
        }
        return Decision.accept(
                new SandboxEvent.PolicyRevisionStored(newest.version() + 1, hash, c.policy(), c.provenance()));
    }

    static Decision<SandboxEvent> changeSetting(SandboxCommand.ChangeSetting c, Live live, Settings gateway) {
        if (live.phase() == Phase.DELETING) {
            return Decision.reject(RejectionCode.SANDBOX_BEING_DELETED, "the sandbox is being deleted");
        }
        Optional<Rejection> bad = SettingKey.refusal(c.key(), c.value());
        if (bad.isPresent()) {
            return new Decision.Rejected<>(bad.get());
        }
        if (gateway.values().containsKey(c.key())) {
            return Decision.reject(RejectionCode.SETTING_MANAGED_GLOBALLY, "'" + c.key()
                    + "' is set for the whole gateway; delete it there with `openshell settings delete --global` first");
        }
        return Optional.ofNullable(live.settings().values().get(c.key())).equals(c.value())
                ? Decision.unchanged()
                : Decision.accept(new SandboxEvent.SettingChanged(c.key(), c.value()));
    }

    /** Whether there is such a provider stands in another stream, see {@link io.openshell.model.provider.ProviderRules}. */
    static Decision<SandboxEvent> attach(SandboxCommand.AttachProvider c, Live live, Surroundings around) {
        if (live.phase() == Phase.DELETING) {
            return Decision.reject(RejectionCode.SANDBOX_BEING_DELETED, "the sandbox is being deleted");
        }
        return live.providers().contains(c.provider())
                ? Decision.unchanged()
                : Decision.accept(new SandboxEvent.ProviderAttached(around.attachment(c.provider())));
    }

    static Decision<SandboxEvent> detach(SandboxCommand.DetachProvider c, Live live) {
        return live.providers().contains(c.provider())
                ? Decision.accept(new SandboxEvent.ProviderDetached(c.provider()))
                : Decision.unchanged();
    }

    static Decision<SandboxEvent> openSession(SandboxCommand.OpenSession c, Live live) {
        if (live.phase() == Phase.DELETING) {
            return Decision.reject(RejectionCode.SANDBOX_BEING_DELETED, "the sandbox is being deleted");
        }
        return switch (c.session().kind()) {
            case EXEC -> live.notReady()
                    .<Decision<SandboxEvent>>map(reason -> Decision.reject(RejectionCode.SANDBOX_NOT_READY, reason))
                    .orElseGet(() -> Decision.accept(new SandboxEvent.SessionOpened(c.session())));
            // What the main process printed can be read after it ended, so the phase does not matter here.
            case ATTACH -> live.lifecycle().instanceId().isEmpty()
                    ? Decision.reject(RejectionCode.NO_PROCESS_STARTED, "its main process was never started")
                    : Decision.accept(new SandboxEvent.SessionOpened(c.session()));
        };
    }

    private static Optional<Decision<SandboxEvent>> refusePolicy(PolicyDocument policy) {
        return Admission.refusal(policy).map(Decision.Rejected::new);
    }
}
