package io.openshell.agent.plan;

import io.openshell.model.isolation.LayerReport;
import io.openshell.model.sandbox.Enforcement;
import java.util.List;
import java.util.Optional;

/** What the node knows of its own latest attempt to run a sandbox. Immutable. */
public sealed interface Run {

    /** Nothing since the agent started. Processes of an earlier life of the agent may remain. */
    record Unknown() implements Run {}

    /** What an earlier life of the agent left could not be taken over and was ended. */
    record NotAdopted(String reason) implements Run {}

    /** Nothing runs, for certain. */
    record Absent() implements Run {}

    /**
     * It was started and has not been halted.
     *
     * @param policyVersion revision of its own policy that the proxy enforces, or enforced last
     * @param globalVersion revision of the global policy that the proxy enforces instead; 0 for none
     * @param provided mark of the rules of providers that the proxy enforces beside its own policy; empty for none
     * @param end of the main process once it has ended
     * @param failed the newest revision the proxy could not take
     */
    record Started(
            Enforcement enforcement,
            int policyVersion,
            int globalVersion,
            String provided,
            Optional<End> end,
            Optional<FailedPolicy> failed)
            implements Run {

        /** With its own policy in force. */
        public Started(Enforcement enforcement, int policyVersion, Optional<End> end, Optional<FailedPolicy> failed) {
            this(enforcement, policyVersion, 0, "", end, failed);
        }

        /** With the main process ended. */
        public Started exited(End how) {
            return new Started(enforcement, policyVersion, globalVersion, provided, Optional.of(how), failed);
        }

        /** With a revision of its own in force, and the rules of providers that this mark stands for. */
        public Started enforcing(int version, String mark) {
            return new Started(enforcement, version, 0, mark, end, failed);
        }

        /** With a revision of the global policy in force. */
        public Started under(int global) {
            return new Started(enforcement, policyVersion, global, "", end, failed);
        }

        /** With a revision that could not be put in force. */
        public Started failing(FailedPolicy policy) {
            return new Started(enforcement, policyVersion, globalVersion, provided, end, Optional.of(policy));
        }
    }

    /**
     * The end of a main process.
     *
     * @param exitCode empty when nobody can tell any more
     */
    record End(Optional<Integer> exitCode) {}

    /** A revision that the proxy could not take, and why. */
    record FailedPolicy(int version, String error) {}

    /** It was started and all of it was ended; what its main process printed can still be read. */
    record Halted(String instanceId, String reason) implements Run {

        /** Ended by this agent. */
        public Halted(String instanceId) {
            this(instanceId, "its processes were ended");
        }
    }

    /** It could not be started. */
    record NotStarted(long epoch, String attempt, List<LayerReport> layers, String code, String reason) implements Run {
        public NotStarted {
            layers = List.copyOf(layers);
        }
    }

    /** Everything of it was removed from the node. */
    record Purged() implements Run {}
}
