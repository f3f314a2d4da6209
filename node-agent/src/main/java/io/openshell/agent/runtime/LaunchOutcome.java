package io.openshell.agent.runtime;

import io.openshell.model.isolation.LayerReport;
import java.util.List;

/** How a launch ended. */
public sealed interface LaunchOutcome {
    /** The main process runs with every required layer verified. */
    record Running(RunningSandbox sandbox) implements LaunchOutcome {}

    /** Not started because a required layer cannot be put in place or was not seen in force. */
    record Refused(List<LayerReport> layers, String reason) implements LaunchOutcome {
        public Refused {
            layers = List.copyOf(layers);
        }
    }

    /** Not started because of a fault at {@code stage}; nothing is left behind. */
    record Failed(String stage, String message) implements LaunchOutcome {
        /** No container engine answered in time. */
        public static final String ENGINE = "engine";

        /** The image or file tree is not there. */
        public static final String SOURCE = "source";

        /** The fault by a name that programs can act on. */
        public String code() {
            return switch (stage) {
                case ENGINE -> "ENGINE_UNAVAILABLE";
                case SOURCE -> "SOURCE_UNAVAILABLE";
                default -> "LAUNCH_FAILED";
            };
        }
    }
}
