package io.openshell.agent.launcher;

import java.nio.file.Path;
import java.util.List;

/**
 * Where and how this agent keeps its sandboxes.
 *
 * @param stateDirectory absolute directory owned by root
 * @param firstUid first of the range of user ids nobody else on this machine uses
 * @param exposedPaths host paths that a policy may show to a sandbox, with everything beneath
 */
public record LinuxSettings(Path stateDirectory, int firstUid, List<String> exposedPaths) {
    public LinuxSettings {
        stateDirectory = stateDirectory.toAbsolutePath().normalize();
        exposedPaths = List.copyOf(exposedPaths);
    }

    /** Where file trees are kept. */
    public Path trees() {
        return stateDirectory.resolve("trees");
    }

    /** Names the control groups of this agent, unlike those of any other agent on the machine. */
    public String groupFamily() {
        return "openshell-" + Integer.toHexString(stateDirectory.toString().hashCode());
    }

    /** Usual values. */
    public static LinuxSettings at(Path stateDirectory) {
        return new LinuxSettings(stateDirectory, 2_000_000, List.of("/opt", "/app", "/var/log"));
    }
}
