package io.openshell.bench.proxy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** How many files a process may have open here. */
final class OpenFiles {
    private OpenFiles() {}

    /** The limit nobody can raise, or a million when there is none. */
    static long limit() throws IOException {
        for (var line : Files.readAllLines(Path.of("/proc/self/limits"))) {
            if (line.startsWith("Max open files")) {
                var words = line.substring(14).trim().split(" +");
                return words[1].equals("unlimited") ? 1_000_000 : Long.parseLong(words[1]);
            }
        }
        throw new IOException("no limit of open files is told");
    }
}
