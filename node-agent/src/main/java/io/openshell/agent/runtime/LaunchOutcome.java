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
    record Failed(String stage, String message) implements LaunchOutcome {}
}
