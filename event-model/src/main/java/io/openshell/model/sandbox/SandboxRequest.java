package io.openshell.model.sandbox;

import java.util.List;
import java.util.Map;
import java.util.TreeSet;

/**
 * What a user asked for, apart from the policy.
 *
 * @param sandboxId identity; a name can be used again after deletion, an id cannot
 * @param name unique in its workspace while the sandbox lives
 * @param launch what runs in it
 */
public record SandboxRequest(
        String sandboxId,
        String name,
        String workspace,
        Map<String, String> labels,
        Map<String, String> annotations,
        Launch launch) {

    public SandboxRequest {
        labels = Map.copyOf(labels);
        annotations = Map.copyOf(annotations);
    }

    /**
     * The main process.
     *
     * @param command argument vector; empty means a login shell
     * @param environment as the user gave it
     * @param logLevel at most 32 characters; empty means the default
     * @param basis the files it sees and the shares it has of its node
     */
    public record Launch(
            List<String> command, boolean tty, Map<String, String> environment, String logLevel, Basis basis) {
        public Launch {
            command = List.copyOf(command);
            environment = Map.copyOf(environment);
        }

        /** On the usual basis. */
        public Launch(List<String> command, boolean tty, Map<String, String> environment, String logLevel) {
            this(command, tty, environment, logLevel, Basis.USUAL);
        }

        /** Leaves the environment's values out: they may be private. */
        @Override
        public String toString() {
            return "Launch[command=" + command + ", tty=" + tty + ", environment=" + new TreeSet<>(environment.keySet())
                    + ", logLevel=" + logLevel + ", basis=" + basis + "]";
        }
    }
}
