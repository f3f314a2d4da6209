package io.openshell.model.sandbox;

import io.openshell.model.Command;
import io.openshell.model.isolation.LayerReport;
import io.openshell.model.policy.NetworkRule;
import io.openshell.model.policy.PolicyDocument;
import io.openshell.model.settings.SettingValue;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** What a sandbox's stream can be asked. Reports come from the node it is assigned to. */
public sealed interface SandboxCommand extends Command {

    /**
     * A user wants a new sandbox.
     *
     * @param node empty when no node can take it
     * @param providers names of the providers to attach, in its workspace
     */
    record Create(SandboxRequest request, PolicyDocument policy, Optional<String> node, List<String> providers)
            implements SandboxCommand {
        public Create {
            providers = List.copyOf(providers);
        }

        /** One without providers. */
        public Create(SandboxRequest request, PolicyDocument policy, Optional<String> node) {
            this(request, policy, node, List.of());
        }
    }

    /** A user wants it halted, workspace kept. */
    record Stop() implements SandboxCommand {}

    /** A user wants it running again. {@code node} is empty when no node can take it. */
    record Start(Optional<String> node) implements SandboxCommand {}

    /** A user wants it gone, workspace included. */
    record Delete() implements SandboxCommand {}

    /** A user replaces its policy. {@code expectedVersion} is the newest policy version the user saw; 0 means no check. */
    record SetPolicy(PolicyDocument policy, Map<String, String> provenance, long expectedVersion)
            implements SandboxCommand {
        public SetPolicy {
            provenance = Map.copyOf(provenance);
        }
    }

    /**
     * A user decides about a proposed rule.
     *
     * @param change the policy that goes with the decision, when it changes any
     */
    record DecideDraft(String draftId, Drafts.Verdict verdict, String reason, Optional<SetPolicy> change)
            implements SandboxCommand {}

    /** A user puts another rule in the place of a proposed one that is pending. */
    record EditDraft(String draftId, NetworkRule rule) implements SandboxCommand {}

    /**
     * A program in it asks for a rule.
     *
     * @param proposalId chosen by the node
     * @param ruleName key of the entry it shall become
     * @param intent what the program says it is for, may be empty
     */
    record SubmitProposal(String proposalId, String ruleName, NetworkRule rule, String intent) implements SandboxCommand {}

    /** A user wants a setting of it to have this value, or with none to be the default again. */
    record ChangeSetting(String key, Optional<SettingValue> value) implements SandboxCommand {}
    /** A user lets it use the credentials of a provider of its workspace. */
    record AttachProvider(String provider) implements SandboxCommand {}

    /** A user takes that back. */
    record DetachProvider(String provider) implements SandboxCommand {}

    /** A user wants to run a command in it or to attach to its main process. */
    record OpenSession(Session session) implements SandboxCommand {}

    /** The node started it with these layers. */
    record ReportEnforced(Enforcement enforcement, int policyVersion) implements SandboxCommand {}

    /** The node did not start it: a required layer is absent or the launch failed. */
    record ReportRefused(long epoch, List<LayerReport> layers, String code, String reason) implements SandboxCommand {
        public ReportRefused {
            layers = List.copyOf(layers);
        }
    }

    /** The node lost it and will start it again. */
    record ReportInterrupted(long epoch, String reason) implements SandboxCommand {}

    /** It wanted more of its node than its share: {@code memory} or {@code processes}, as often since its start. */
    record ReportLimitReached(long epoch, String instanceId, String limit, long times, String detail)
            implements SandboxCommand {}

    /**
     * Somebody outside holds all its processes still, or lets them go on again.
     *
     * @param held what holds it and the way out, in a sentence; empty once nothing does
     */
    record ReportPause(long epoch, String instanceId, Optional<String> held) implements SandboxCommand {}

    /** The node's agent took over what an earlier start of it had left running; {@code verified} tells what it compared. */
    record ReportAdopted(long epoch, String instanceId, Map<String, String> verified) implements SandboxCommand {
        public ReportAdopted {
            verified = Map.copyOf(verified);
        }
    }

    /** Its main process ended; {@code exitCode} is 128 + signal when killed by one, empty when nobody knows any more. */
    record ReportMainExited(long epoch, String instanceId, Optional<Integer> exitCode) implements SandboxCommand {
        /** It ended with this status. */
        public ReportMainExited(long epoch, String instanceId, int exitCode) {
            this(epoch, instanceId, Optional.of(exitCode));
        }
    }

    /** Nothing of it runs on the node any more. */
    record ReportStopped(long epoch) implements SandboxCommand {}

    /** Nothing of it is left on the node. */
    record ReportRemoved(String sandboxId) implements SandboxCommand {}

    /** The proxy enforces this policy revision. */
    record ReportPolicyLoaded(int version, long generation) implements SandboxCommand {}

    /** The proxy cannot enforce this policy revision. */
    record ReportPolicyFailed(int version, String error) implements SandboxCommand {}

    /**
     * The proxy enforces this revision of the global policy in place of the sandbox's own, or with 0 its own again.
     *
     * @param epoch of the start whose proxy it is
     */
    record ReportGlobalPolicy(long epoch, int version) implements SandboxCommand {}

    /**
     * The proxy enforces these rules of attached providers beside the sandbox's own policy.
     *
     * @param epoch of the start whose proxy it is
     * @param mark see {@link ProvidedRules#mark}; empty for none
     */
    record ReportProviderRules(long epoch, String mark) implements SandboxCommand {}

    /** A session ended. */
    record ReportSessionClosed(String sessionId, int exitCode) implements SandboxCommand {}
}
