package io.openshell.agent.identity;

import java.util.List;
import java.util.Map;

/** Outcome of a look-up; anything but {@link Found} denies. */
public sealed interface CallerResult {
    /**
     * Exactly one program owns the connection.
     *
     * @param pid process id as the agent sees it
     * @param executable path inside the sandbox
     * @param ancestors executables of the parents, nearest first, without the sandbox's PID 1
     * @param commandLinePaths absolute paths on the owner's and its ancestors' command lines: a hint, never proof
     * @param sha256 lower-case hex hash of the executable and of every ancestor, by path
     */
    record Found(int pid, String executable, List<String> ancestors, List<String> commandLinePaths, Map<String, String> sha256)
            implements CallerResult {
        public Found {
            ancestors = List.copyOf(ancestors);
            commandLinePaths = List.copyOf(commandLinePaths);
            sha256 = Map.copyOf(sha256);
        }
    }

    /** No owner could be named. */
    record Unknown(String reason) implements CallerResult {}

    /** Several programs hold the connection. */
    record Ambiguous(String reason) implements CallerResult {}

    /** The file behind {@code path} is not the one first seen there. */
    record IntegrityChanged(String path) implements CallerResult {}
}
