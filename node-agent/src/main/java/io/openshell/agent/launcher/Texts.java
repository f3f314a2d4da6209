package io.openshell.agent.launcher;

import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Texts that would change meaning on their way to the kernel. */
final class Texts {
    private Texts() {}

    /** What is wrong, without quoting values. */
    static Optional<String> malformed(List<String> command, Map<String, String> environment) {
        if (command.stream().anyMatch(a -> a.indexOf('\0') >= 0)) {
            return Optional.of("an argument holds a zero character");
        }
        boolean bad = environment.entrySet().stream().anyMatch(e -> e.getKey().isEmpty() || e.getKey().indexOf('=') >= 0
                || e.getKey().indexOf('\0') >= 0 || e.getValue().indexOf('\0') >= 0);
        return bad ? Optional.of("an environment variable is malformed") : Optional.empty();
    }
}
