package io.openshell.agent.runtime;

import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * A further process in a running sandbox.
 *
 * @param workdir absolute directory inside; empty means the workspace
 * @param environment variables over the sandbox's own; may hold secrets
 * @param cols terminal width in characters, ignored without a terminal
 * @param rows terminal height in lines, ignored without a terminal
 */
public record ExecRequest(List<String> command, String workdir, Map<String, String> environment, boolean tty, int cols, int rows) {
    public ExecRequest {
        command = List.copyOf(command);
        environment = Map.copyOf(environment);
    }

    /** The same with these variables, where it does not name them itself. */
    public ExecRequest besides(Map<String, String> others) {
        Map<String, String> all = new HashMap<>(others);
        all.putAll(environment);
        return new ExecRequest(command, workdir, all, tty, cols, rows);
    }

    @Override
    public String toString() {
        return "ExecRequest[tty=" + tty + "]";
    }
}
