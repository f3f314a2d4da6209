package io.openshell.log.kafka;

import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import org.apache.kafka.common.utils.internals.Exit;
import org.jspecify.annotations.Nullable;

/**
 * What happens when the broker gives up while it runs, for example because its disk is full: it ends the process at once,
 * and this says why first, in one line. What was acknowledged is on disk; a start with space to write goes on from there.
 */
final class BrokerHalt {
    /** Below this, bytes, a full disk is taken for the reason. */
    private static final long FULL = 16L << 20;

    private BrokerHalt() {}

    static void sayWhyFirst(Path directory) {
        // Read now: a process that runs out of everything should not have to open it then.
        PrintStream out = System.err;
        Exit.setHaltProcedure((status, message) -> {
            out.println("error: " + sentence(directory, message));
            out.flush();
            Runtime.getRuntime().halt(status);
        });
    }

    static String sentence(Path directory, @Nullable String message) {
        try {
            long usable = Files.getFileStore(directory).getUsableSpace();
            if (usable < FULL) {
                return "the disk of the log's directory " + directory + " is full (" + (usable >> 20)
                        + " MiB left); the gateway ends, nothing acknowledged is lost. Free space and start it again.";
            }
        } catch (IOException e) {
            return "the log's directory " + directory + " can no longer be used (" + e.getMessage() + "); the gateway ends.";
        }
        return "the log's broker gave up" + (message == null || message.isBlank() ? "" : " (" + message + ")")
                + " on its directory " + directory + "; the gateway ends. Start it again.";
    }
}
