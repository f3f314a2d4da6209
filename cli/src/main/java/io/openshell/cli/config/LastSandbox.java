package io.openshell.cli.config;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/** Remembers which sandbox was used last on one gateway. */
public final class LastSandbox {
    private final Path file;

    /** The record of the gateway with these files. */
    public LastSandbox(Path gatewayFolder) {
        this.file = gatewayFolder.resolve("last_sandbox");
    }

    /** The sandbox used last in a workspace. */
    public Optional<String> in(String workspace) {
        if (!Files.isRegularFile(file)) {
            return Optional.empty();
        }
        List<String> lines = ClientFiles.read(file).lines().toList();
        return lines.size() == 2 && lines.get(0).equals(workspace) ? Optional.of(lines.get(1)) : Optional.empty();
    }

    /** Records a use. */
    public void remember(String workspace, String sandbox) {
        if (!in(workspace).filter(sandbox::equals).isPresent()) {
            ClientFiles.writePrivate(file, workspace + "\n" + sandbox + "\n");
        }
    }

    /** Forgets the sandbox if it is the recorded one. */
    public void forget(String workspace, String sandbox) {
        if (in(workspace).filter(sandbox::equals).isPresent()) {
            ClientFiles.delete(file);
        }
    }
}
