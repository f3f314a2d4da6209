package io.openshell.projection.fold;

import java.io.BufferedInputStream;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.security.DigestInputStream;
import java.security.DigestOutputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Instant;
import java.util.Arrays;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The file a snapshot is kept in: the snapshot, and behind it the SHA-256 of its bytes. Replaced as a whole or not at all.
 * Blocks; one thread.
 */
final class SnapshotFile {

    private static final Logger LOG = LoggerFactory.getLogger(SnapshotFile.class);
    private static final int HASH = 32;
    private static final int BUFFER = 1 << 16;

    private final Path path;
    private final String topicId;

    SnapshotFile(Path path, String topicId) {
        this.path = path;
        this.topicId = topicId;
    }

    void write(FoldSnapshot snapshot) throws IOException {
        Path fresh = path.resolveSibling(path.getFileName() + ".new");
        MessageDigest digest = sha256();
        try (FileChannel channel = FileChannel.open(fresh, StandardOpenOption.CREATE, StandardOpenOption.WRITE,
                        StandardOpenOption.TRUNCATE_EXISTING);
                OutputStream file = Channels.newOutputStream(channel)) {
            OutputStream out = new BufferedOutputStream(new DigestOutputStream(file, digest), BUFFER);
            SnapshotCodec.write(snapshot, topicId, out);
            out.flush();
            file.write(digest.digest());
            channel.force(true);
        }
        Files.move(fresh, path, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    }

    /** The snapshot, or nothing when there is none that can be used; the reason is logged. */
    Optional<FoldSnapshot> read() {
        if (!Files.exists(path)) {
            return Optional.empty();
        }
        try {
            return Optional.of(readWhole());
        } catch (IOException | RuntimeException e) {
            // Only a short cut: whatever is wrong with it, reading the events is always right.
            LOG.warn("the snapshot {} is not used, every event is read instead: {}", path, e.toString());
            return Optional.empty();
        }
    }

    /** When it was written; empty when that cannot be told. */
    Optional<Instant> writtenAt() {
        try {
            return Optional.of(Files.getLastModifiedTime(path).toInstant());
        } catch (IOException e) {
            return Optional.empty(); // told as "none", which is what a start would find
        }
    }

    /** How far the snapshot reaches, without reading all of it; nothing when it cannot be used. */
    Optional<FoldSnapshot.Reach> reach() {
        try (InputStream in = Files.newInputStream(path)) {
            return Optional.of(SnapshotCodec.reach(in, topicId));
        } catch (IOException | RuntimeException e) {
            LOG.info("the snapshot {} is not used: {}", path, e.toString());
            return Optional.empty();
        }
    }

    /** What was read counts once the bytes behind it say that it is whole. */
    private FoldSnapshot readWhole() throws IOException {
        long size = Files.size(path);
        if (size < HASH) {
            throw new IOException("it is cut short");
        }
        MessageDigest digest = sha256();
        try (InputStream in = Files.newInputStream(path)) {
            InputStream hashed = new DigestInputStream(new Bounded(in, size - HASH), digest);
            InputStream body = new BufferedInputStream(hashed, BUFFER);
            FoldSnapshot found = SnapshotCodec.read(body, topicId);
            if (!Arrays.equals(digest.digest(), in.readNBytes(HASH))) {
                throw new IOException("it is damaged");
            }
            return found;
        }
    }

    private static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
    }

    /** The first bytes of a stream. */
    private static final class Bounded extends InputStream {
        private final InputStream in;
        private long left;

        Bounded(InputStream in, long left) {
            this.in = in;
            this.left = left;
        }

        @Override
        public int read() throws IOException {
            return left-- > 0 ? in.read() : -1;
        }

        @Override
        public int read(byte[] target, int offset, int length) throws IOException {
            if (left <= 0) {
                return -1;
            }
            int count = in.read(target, offset, (int) Math.min(length, left));
            left -= Math.max(0, count);
            return count;
        }
    }
}
