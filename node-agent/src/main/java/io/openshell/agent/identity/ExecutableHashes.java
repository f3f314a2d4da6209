package io.openshell.agent.identity;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/** Hashes of programs by path, trusted on first use. A file is read again only when its fingerprint has changed. */
final class ExecutableHashes {
    private static final int MAX_PATHS = 4096;

    private record Seen(String fingerprint, String sha256) {}

    private final Map<String, Seen> first = new ConcurrentHashMap<>();

    /** What tells a program's file from any other and from itself after a change, as it is at this moment. */
    @FunctionalInterface
    interface Mark {
        String now() throws IOException;
    }

    /** The hash of the program named {@code path}, when its file is as it was when it was read; empty when it has to be read. */
    Optional<String> known(String path, Mark mark) throws IOException {
        Seen known = first.get(path);
        return known != null && known.fingerprint().equals(mark.now()) ? Optional.of(known.sha256()) : Optional.empty();
    }

    /**
     * The hash of the program named {@code path}, read through {@code link}; empty when it is not what was first seen there.
     *
     * @throws IOException when it cannot be read or changes meanwhile
     */
    Optional<String> sha256(String path, Path link, Mark mark) throws IOException {
        String fingerprint = mark.now();
        Seen known = first.get(path);
        if (known != null && known.fingerprint().equals(fingerprint)) {
            return Optional.of(known.sha256());
        }
        String hash = hash(link);
        if (!mark.now().equals(fingerprint)) {
            throw new IOException("the program changed while it was read");
        }
        if (known == null && first.size() >= MAX_PATHS) {
            throw new IOException("too many programs");
        }
        Seen now = first.merge(path, new Seen(fingerprint, hash), (old, next) -> old.sha256().equals(next.sha256()) ? next : old);
        return now.sha256().equals(hash) ? Optional.of(hash) : Optional.empty();
    }

    private static String hash(Path link) throws IOException {
        try (InputStream in = Files.newInputStream(link)) {
            MessageDigest digest = MessageDigest.getInstance("SHA-256");
            byte[] buffer = new byte[1 << 16];
            for (int n = in.read(buffer); n > 0; n = in.read(buffer)) {
                digest.update(buffer, 0, n);
            }
            return HexFormat.of().formatHex(digest.digest());
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }
}
