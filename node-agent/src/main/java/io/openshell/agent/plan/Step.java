package io.openshell.agent.plan;

import io.openshell.model.global.GlobalRevision;
import io.openshell.model.policy.NetworkRule;
import io.openshell.model.policy.PolicyDocument;
import io.openshell.model.sandbox.Basis;
import io.openshell.model.sandbox.PolicyRevision;
import io.openshell.model.sandbox.SandboxCommand;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;

/** One thing a node does about a sandbox. */
public sealed interface Step {

    /** End what an earlier life of the agent left running. */
    record RemoveLeftovers() implements Step {}

    /**
     * Take over what an earlier life of the agent left running, if it is that, and end it if it is not.
     *
     * @param launch what it would be started with
     * @param instanceId of the main process the log knows; empty when it has not heard of one
     * @param revisions of its policy, one of which it was sealed with
     */
    record Adopt(Launch launch, String instanceId, List<PolicyRevision> revisions) implements Step {
        public Adopt {
            revisions = List.copyOf(revisions);
        }
    }

    /**
     * Seal and start it with this revision.
     *
     * @param overlay what decides in its network besides
     */
    record Launch(
            long epoch, String hostname, MainProcess main, PolicyRevision revision, Overlay overlay)
            implements Step {
        /** The policy it is sealed with. */
        public PolicyDocument policy() {
            return revision.policy();
        }
    }

    /** The program it is started for, and what it stands on. Environment values may be private and stay out of {@code toString}. */
    record MainProcess(List<String> command, Map<String, String> environment, boolean tty, Basis basis) {
        public MainProcess {
            command = List.copyOf(command);
            environment = Map.copyOf(environment);
        }

        @Override
        public String toString() {
            return "MainProcess[tty=" + tty + "]";
        }
    }

    /** Put another revision, or other rules of providers beside it, in force and end what was allowed before. */
    record EnforcePolicy(PolicyRevision revision, SortedMap<String, NetworkRule> provided) implements Step {}

    /** Put a revision of the global policy in force, and end what the policy before it allowed. */
    record EnforceGlobal(GlobalRevision revision, PolicyRevision own) implements Step {}

    /** End everything that runs in it; its workspace stays. */
    record Halt() implements Step {}

    /** Remove everything of it from the node. */
    record Purge() implements Step {}

    /**
     * Tell the log.
     *
     * @param fact names what is told: telling the same again has no second effect
     */
    record Report(String fact, SandboxCommand command) implements Step {}
}
