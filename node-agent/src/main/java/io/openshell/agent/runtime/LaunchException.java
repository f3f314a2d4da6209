package io.openshell.agent.runtime;

/** A process could not be started in a sandbox; {@link #stage()} names the step. */
public final class LaunchException extends Exception {
    private static final long serialVersionUID = 1L;
    private final String stage;

    public LaunchException(String stage, String message) {
        super(stage + ": " + message);
        this.stage = stage;
    }

    /** The step that failed. */
    public String stage() {
        return stage;
    }
}
