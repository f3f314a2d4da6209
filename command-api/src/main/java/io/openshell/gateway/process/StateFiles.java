package io.openshell.gateway.process;

import io.openshell.gateway.grpc.StartFailed;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.UUID;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The small files of a gateway's state folder. Blocks; for start and end only. */
final class StateFiles {

    private static final Logger LOG = LoggerFactory.getLogger(StateFiles.class);

    private final Path folder;

    /** Makes the folder, open to its owner only. */
    StateFiles(Path folder) {
        this.folder = folder;
        try {
            Files.createDirectories(folder);
            Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString("rwx------"));
        } catch (IOException e) {
            throw new StartFailed("the state folder " + folder + " cannot be used", e);
        }
    }

    Path log() {
        return folder.resolve("log");
    }

    Path snapshot() {
        return folder.resolve("fold.snapshot");
    }

    Path checkpoints() {
        return folder.resolve("checkpoints");
    }

    Path history() {
        return folder.resolve("history.db");
    }

    Path archived() {
        return folder.resolve("archive.positions");
    }

    Path vaultKey() {
        return folder.resolve("credentials").resolve("key-encryption-key.bin");
    }

    Path sandboxes() {
        return folder.resolve("sandboxes");
    }

    /** The gateway's own name among gateways: made once, kept for good. */
    String gatewayId() {
        Path file = folder.resolve("gateway.id");
        try {
            if (!Files.exists(file)) {
                Files.writeString(file, UUID.randomUUID().toString());
            }
            return Files.readString(file).strip();
        } catch (IOException e) {
            throw new StartFailed("the file " + file + " cannot be used", e);
        }
    }

    /** Tells whoever wants to stop this process where it is. */
    AutoCloseable recordPid() {
        Path file = folder.resolve("gateway.pid");
        String pid = Long.toString(ProcessHandle.current().pid());
        try {
            Files.writeString(file, pid + "\n");
        } catch (IOException e) {
            throw new StartFailed("the file " + file + " cannot be written", e);
        }
        return () -> {
            if (Files.exists(file) && Files.readString(file).strip().equals(pid)) {
                Files.delete(file);
                LOG.debug("pid file removed");
            }
        };
    }
}
