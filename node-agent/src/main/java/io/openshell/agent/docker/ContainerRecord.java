package io.openshell.agent.docker;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What is written down of a sandbox's container, so that a later agent finds it also while the engine is away.
 *
 * @param id the engine's full id
 * @param variables of the image
 */
record ContainerRecord(String id, Map<String, String> variables) {
    private static final String SEPARATOR = "\0";

    ContainerRecord {
        variables = Map.copyOf(variables);
    }

    /** Writes it wholly or not at all. */
    void write(Path file) throws IOException {
        List<String> parts = new ArrayList<>(List.of(id));
        variables.forEach((name, value) -> parts.add(name + "=" + value));
        Path fresh = file.resolveSibling(file.getFileName() + ".new");
        Files.writeString(fresh, String.join(SEPARATOR, parts), StandardCharsets.UTF_8);
        Files.move(fresh, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    }

    /** Reads what {@link #write} wrote; empty when there is none. */
    static Optional<ContainerRecord> read(Path file) throws IOException {
        if (!Files.exists(file)) {
            return Optional.empty();
        }
        String[] parts = Files.readString(file, StandardCharsets.UTF_8).split(SEPARATOR, -1);
        return Optional.of(new ContainerRecord(parts[0].trim(), variables(List.of(parts).subList(1, parts.length).toArray(String[]::new))));
    }

    /** Variables out of lines as engines give them. */
    static Map<String, String> variables(String[] lines) {
        Map<String, String> found = new HashMap<>();
        for (String line : lines) {
            int equal = line.indexOf('=');
            if (equal > 0) {
                found.put(line.substring(0, equal), line.substring(equal + 1));
            }
        }
        return found;
    }
}
