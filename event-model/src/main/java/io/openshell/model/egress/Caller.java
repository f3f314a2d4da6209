package io.openshell.model.egress;

import java.util.List;

/**
 * The program behind a connection, as the kernel shows it.
 *
 * @param executable absolute path of the running executable
 * @param ancestors executables of the parents, nearest first
 * @param commandLinePaths absolute paths seen in arguments; shown in reasons, never a ground for access because a program chooses them freely
 */
public record Caller(String executable, List<String> ancestors, List<String> commandLinePaths) {
    public Caller {
        ancestors = List.copyOf(ancestors);
        commandLinePaths = List.copyOf(commandLinePaths);
    }
}
