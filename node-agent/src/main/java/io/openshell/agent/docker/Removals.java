package io.openshell.agent.docker;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Containers whose processes are gone and that an absent engine could not remove yet; kept on disk. Thread safe. */
final class Removals {
    private static final Logger LOG = LoggerFactory.getLogger(Removals.class);
    private final Engine engine;
    private final Path directory;

    Removals(Engine engine, Path directory) {
        this.engine = engine;
        this.directory = directory;
    }

    /** Removes a container, now or when the engine is there again. */
    void remove(String container) {
        try {
            engine.remove(container);
        } catch (EngineException e) {
            LOG.warn("container not removed yet: id={} reason={}", container, e.getMessage());
            try {
                Files.createDirectories(directory);
                Files.writeString(directory.resolve(container), "");
            } catch (IOException io) {
                throw new UncheckedIOException(io);
            }
        }
    }

    /** Tries again what could not be removed before. */
    void catchUp() {
        if (!Files.isDirectory(directory)) {
            return;
        }
        try (DirectoryStream<Path> waiting = Files.newDirectoryStream(directory)) {
            for (Path each : waiting) {
                engine.remove(each.getFileName().toString());
                Files.deleteIfExists(each);
            }
        } catch (EngineException | IOException e) {
            LOG.warn("containers not removed yet: reason={}", e.getMessage());
        }
    }
}
