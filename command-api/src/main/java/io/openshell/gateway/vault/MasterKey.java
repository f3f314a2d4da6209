package io.openshell.gateway.vault;

import io.openshell.gateway.grpc.StartFailed;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import java.util.Set;

/** The gateway's own key, in a file of 32 random bytes that only its owner can read. Blocks; for the start only. */
public final class MasterKey {
    static final int BYTES = 32;

    private static final Set<PosixFilePermission> OWNER =
            PosixFilePermissions.fromString("rw-------");

    private MasterKey() {}

    /**
     * The key in this file, which is made when there is none.
     *
     * @throws StartFailed when others can read the file, or it holds no key
     */
    public static byte[] in(Path file) {
        try {
            if (!Files.exists(file)) {
                make(file);
            }
            return read(file);
        } catch (IOException e) {
            throw new StartFailed("the vault's key " + file + " cannot be used", e);
        }
    }

    /** The key in a file that an operator gave to several gateways; it is never made here. Else as {@link #in}. */
    public static byte[] given(Path file) {
        try {
            return read(file);
        } catch (IOException e) {
            throw new StartFailed("the vault's key " + file + " cannot be read", e);
        }
    }

    private static void make(Path file) throws IOException {
        Path folder = file.toAbsolutePath().getParent();
        Files.createDirectories(folder);
        Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString("rwx------"));
        byte[] key = new byte[BYTES];
        new SecureRandom().nextBytes(key);
        Path fresh = Files.createTempFile(folder, ".key", "", PosixFilePermissions.asFileAttribute(OWNER));
        try (FileChannel channel = FileChannel.open(fresh, StandardOpenOption.WRITE)) {
            ByteBuffer bytes = ByteBuffer.wrap(key);
            while (bytes.hasRemaining()) {
                channel.write(bytes);
            }
            channel.force(true);
        }
        try {
            // A link fails where a rename would replace: of two that start at once, both must use one key.
            Files.createLink(file, fresh);
        } catch (FileAlreadyExistsException e) {
            return;
        } finally {
            Files.deleteIfExists(fresh);
        }
    }

    private static byte[] read(Path file) throws IOException {
        Set<PosixFilePermission> mode = Files.getPosixFilePermissions(file);
        boolean open = mode.stream().anyMatch(each -> each.name().startsWith("GROUP_") || each.name().startsWith("OTHERS_"));
        if (open) {
            throw new StartFailed("the vault's key " + file + " can be read by others; run: chmod 600 " + file, null);
        }
        byte[] key = Files.readAllBytes(file);
        if (key.length != BYTES) {
            throw new StartFailed("the vault's key " + file + " must have " + BYTES + " bytes, not " + key.length, null);
        }
        return key;
    }
}
