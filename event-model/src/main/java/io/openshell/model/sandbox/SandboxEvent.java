package io.openshell.model.sandbox;

import io.openshell.model.Event;
import io.openshell.model.isolation.LayerReport;
import io.openshell.model.policy.NetworkRule;
import io.openshell.model.policy.PolicyDocument;
import io.openshell.model.settings.SettingValue;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Everything that can happen to a sandbox. */
public sealed interface SandboxEvent extends Event {

    /** It was asked for under a free name. */
    record SandboxRequested(SandboxRequest request) implements SandboxEvent {}

    /** A policy revision was stored; not enforced yet. */
    record PolicyRevisionStored(int version, String hash, PolicyDocument policy, Map<String, String> provenance)
            implements SandboxEvent {
        public PolicyRevisionStored {
            provenance = Map.copyOf(provenance);
        }
    }

    /** A node shall run it. */
    record SandboxAssigned(String node, long epoch) implements SandboxEvent {}

    /** The node sealed it; these layers hold. */
    record LayersEnforced(Enforcement enforcement) implements SandboxEvent {}

    /** It can be used. */
    record SandboxReady(long epoch, String instanceId) implements SandboxEvent {}

    /** The node did not start it. */
    record SandboxRefused(long epoch, List<LayerReport> layers, String code, String reason) implements SandboxEvent {
        public SandboxRefused {
            layers = List.copyOf(layers);
        }
    }

    /** The node lost it and will start it again. */
    record SandboxInterrupted(long epoch, String reason) implements SandboxEvent {}

    /**
     * A new start of the node's agent found it running, made sure that it is what an earlier one had started, and took it over.
     *
     * @param verified what was found and compared, by name
     */
    record SandboxAdopted(long epoch, String instanceId, Map<String, String> verified) implements SandboxEvent {
        public SandboxAdopted {
            verified = Map.copyOf(verified);
        }
    }

    /**
     * Its main process ended.
     *
     * @param exitCode 128 + signal when killed by one; empty when it ended unseen and the kernel no longer knows how
     */
    record MainProcessExited(long epoch, String instanceId, Optional<Integer> exitCode) implements SandboxEvent {
        /** It ended with this status. */
        public MainProcessExited(long epoch, String instanceId, int exitCode) {
            this(epoch, instanceId, Optional.of(exitCode));
        }
    }

    /**
     * It wanted more of its node than its share.
     *
     * @param limit {@code memory} or {@code processes}
     * @param times since its start
     * @param detail what happened and what the share is
     */
    record LimitReached(long epoch, String instanceId, String limit, long times, String detail) implements SandboxEvent {}

    /**
     * Somebody outside holds all its processes still; none has ended.
     *
     * @param detail what holds it and the way out
     */
    record SandboxPaused(long epoch, String instanceId, String detail) implements SandboxEvent {}

    /** Its processes go on where they were held. */
    record SandboxResumed(long epoch, String instanceId) implements SandboxEvent {}

    /** It shall stop. */
    record StopRequested(long epoch) implements SandboxEvent {}

    /** Nothing of it runs any more. */
    record SandboxStopped(long epoch) implements SandboxEvent {}

    /** It shall run again, under a new epoch. */
    record StartRequested(String node, long epoch) implements SandboxEvent {}

    /** It shall go. */
    record DeleteRequested() implements SandboxEvent {}

    /** Nothing of it is left; the name is free. */
    record SandboxDeleted(String sandboxId) implements SandboxEvent {}

    /** The revision is enforced. */
    record PolicyRevisionLoaded(int version, long generation) implements SandboxEvent {}

    /** The revision could not be enforced; the one before stays in force. */
    record PolicyRevisionFailed(int version, String error) implements SandboxEvent {}

    /** Its proxy took up this revision of the global policy in place of its own, or with 0 its own again. */
    record GlobalPolicyLoaded(long epoch, int version) implements SandboxEvent {}

    /**
     * Its proxy took up these rules of attached providers beside its own policy.
     *
     * @param mark see {@link ProvidedRules#mark}; empty for none
     */
    record ProviderRulesLoaded(long epoch, String mark) implements SandboxEvent {}

    /**
     * Somebody decided about a proposed rule.
     *
     * @param policyVersion the revision stored together with it, 0 when it changes no policy
     */
    record DraftDecided(String draftId, Drafts.Verdict verdict, String reason, int policyVersion) implements SandboxEvent {}

    /** A program in it asked for a rule, which grants nothing before it is approved. */
    record ProposalSubmitted(String proposalId, String ruleName, NetworkRule rule, String intent) implements SandboxEvent {}

    /** Somebody put this rule in the place of a proposed one. */
    record DraftEdited(String draftId, NetworkRule rule) implements SandboxEvent {}

    /** A setting of it has this value from now on; with none, the default. */
    record SettingChanged(String key, Optional<SettingValue> value) implements SandboxEvent {}
    /** It may use the credentials of this provider of its workspace. */
    record ProviderAttached(Attachment attachment) implements SandboxEvent {

        /** Of a type that contributes no rule. */
        public ProviderAttached(String provider) {
            this(new Attachment(provider, Optional.empty()));
        }
    }

    /** It may not use them any more. */
    record ProviderDetached(String provider) implements SandboxEvent {}

    /** Somebody entered. */
    record SessionOpened(Session session) implements SandboxEvent {}

    /** Somebody left. */
    record SessionClosed(String sessionId, int exitCode) implements SandboxEvent {}
}
