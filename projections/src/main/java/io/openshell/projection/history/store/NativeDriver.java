package io.openshell.projection.history.store;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.stream.Stream;

/**
 * The driver's native part. It is unpacked into a file for each process, which a process that is killed leaves behind: in a folder
 * of the store's own, the next process deletes it. (A folder for everybody would also have to allow programs.)
 */
final class NativeDriver {

    private static final String FOLDER_PROPERTY = "org.sqlite.tmpdir";

    private NativeDriver() {}

    /** Has it unpacked here, unless this process has it already or was told where to; before the first connection. Any thread. */
    static synchronized void unpackInto(Path folder) throws IOException {
        if (System.getProperty(FOLDER_PROPERTY) != null) {
            return;
        }
        Files.createDirectories(folder, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
        try (Stream<Path> left = Files.list(folder)) {
            for (Path each : left.toList()) {
                Files.deleteIfExists(each); // one that is in use stays mapped
            }
        }
        System.setProperty(FOLDER_PROPERTY, folder.toString());
    }
}
