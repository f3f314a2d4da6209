package io.openshell.gateway.grpc;

import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.PosixFilePermissions;

/** The path of the local socket: free before the listener opens, private afterwards, gone at the end. */
record LocalSocket(Path path) {

    /** Makes the folder (0700) and removes a socket nobody answers on. */
    static LocalSocket prepare(Path path) {
        try {
            Path folder = path.getParent();
            Files.createDirectories(folder);
            Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString("rwx------"));
            if (Files.exists(path, LinkOption.NOFOLLOW_LINKS)) {
                removeStale(path);
            }
            return new LocalSocket(path);
        } catch (IOException failed) {
            throw new StartFailed("the folder of the local socket " + path + " cannot be prepared", failed);
        }
    }

    private static void removeStale(Path path) throws IOException {
        BasicFileAttributes found =
                Files.readAttributes(path, BasicFileAttributes.class, LinkOption.NOFOLLOW_LINKS);
        if (!found.isOther()) {
            throw new StartFailed(path + " is not a socket; move it away", new IOException("not a socket"));
        }
        if (answers(path)) {
            throw new StartFailed("a gateway is running already on " + path, new IOException("address in use"));
        }
        Files.delete(path);
    }

    private static boolean answers(Path path) {
        try (SocketChannel channel = SocketChannel.open(StandardProtocolFamily.UNIX)) {
            return channel.connect(UnixDomainSocketAddress.of(path));
        } catch (IOException nobodyListens) {
            return false;
        }
    }

    /** Leaves the socket to its owner only. */
    void restrict() {
        try {
            Files.setPosixFilePermissions(path, PosixFilePermissions.fromString("rw-------"));
        } catch (IOException failed) {
            throw new StartFailed("the local socket " + path + " cannot be made private", failed);
        }
    }

    void remove() {
        try {
            Files.deleteIfExists(path);
        } catch (IOException failed) {
            throw new StartFailed("the local socket " + path + " cannot be removed", failed);
        }
    }
}
