package io.openshell.agent.launcher;

import io.openshell.agent.linux.Spawn;
import java.util.Arrays;
import java.util.List;

/** The program a sealed thread starts. */
record Child(Spawn spawn, List<String> candidates, String directory, boolean terminal, int cols, int rows) {

    /** Where a command may be: itself when it has a slash, else along the path. */
    static List<String> candidates(String command, String path, String directory) {
        if (command.startsWith("/")) {
            return List.of(command);
        }
        if (command.contains("/")) {
            return List.of(directory + "/" + command);
        }
        return Arrays.stream(path.split(":")).filter(d -> d.startsWith("/")).map(d -> d + "/" + command).toList();
    }
}
