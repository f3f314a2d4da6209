package io.openshell.agent.runtime;

import java.util.OptionalInt;

/** A process could not be started in a sandbox; {@link #stage()} names the step. */
public final class LaunchException extends Exception {
    private static final long serialVersionUID = 1L;
    private static final int NOT_EXECUTABLE = 126;
    private static final int NOT_FOUND = 127;
    private final String stage;
    private final int shellStatus;

    public LaunchException(String stage, String message) {
        this(stage, stage + ": " + message, 0);
    }

    private LaunchException(String stage, String message, int shellStatus) {
        super(message);
        this.stage = stage;
        this.shellStatus = shellStatus;
    }

    /** No file of this name is where commands are looked for. */
    public static LaunchException notFound(String command) {
        return new LaunchException("find program", command + ": not found", NOT_FOUND);
    }

    /** There is a file of this name which the sandbox's user may not run. */
    public static LaunchException notExecutable(String command) {
        return new LaunchException("find program", command + ": not executable", NOT_EXECUTABLE);
    }

    /**
     * What a shell ends with that cannot run its command: 127 for not found, 126 for not executable (POSIX, Shell Command
     * Language, 2.8.2); empty when it is not the command's fault.
     */
    public OptionalInt shellStatus() {
        return shellStatus == 0 ? OptionalInt.empty() : OptionalInt.of(shellStatus);
    }

    /** The step that failed. */
    public String stage() {
        return stage;
    }
}
