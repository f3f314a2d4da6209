package io.openshell.agent.docker;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveInputStream;

/** The image's list of users or groups with the sandbox's own added. */
final class AccountFile {
    private static final int LARGEST = 256 * 1024;

    private AccountFile() {}

    /** The text of the one file in a tar stream; empty when it is none or too large. Closes the stream. */
    static String text(InputStream tar) throws IOException {
        try (TarArchiveInputStream in = new TarArchiveInputStream(tar)) {
            TarArchiveEntry entry = in.getNextEntry();
            if (entry == null || !entry.isFile() || entry.getSize() > LARGEST) {
                return "";
            }
            return new String(in.readNBytes(LARGEST), StandardCharsets.UTF_8);
        }
    }

    /** Our lines first, so that our names mean ours, then the image's. */
    static String merged(String own, String images) {
        String sandboxs = own.lines().filter(line -> line.startsWith("sandbox:")).findFirst().orElse("");
        String rest = images.lines().filter(line -> !line.startsWith("sandbox:")).reduce("", (a, b) -> a + b + "\n");
        return rest.isEmpty() ? own : sandboxs + "\n" + rest;
    }
}
