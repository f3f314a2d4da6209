package io.openshell.agent.launcher;

import io.openshell.agent.runtime.OutputListener.Stream;
import java.io.FileOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The last output of a main process in two files, the newer of which takes over when it is full: what an agent had read is there
 * for the next one. Written for the agent's end, not the machine's, so nothing is forced to the disk; open only once there is output,
 * which most idle sandboxes never have. One thread at a time.
 */
final class OutputJournal implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(OutputJournal.class);
    private static final int HEADER_BYTES = 5;
    private static final int MOST_PIECE = 1 << 20;
    private final Path current;
    private final Path previous;
    private final int limit;
    private @Nullable FileOutputStream out;
    private long size;
    private boolean broken;

    /** One piece of output. */
    record Piece(Stream stream, byte[] data) {}

    /**
     * Goes on with what is there.
     *
     * @param limit bytes per file; the last so many are always there
     */
    OutputJournal(Path current, Path previous, int limit) throws IOException {
        this.current = current;
        this.previous = previous;
        this.limit = limit;
        this.size = Files.exists(current) ? Files.size(current) : 0;
    }

    /** A plain stream: a channel would keep a buffer for each thread that writes. */
    private static FileOutputStream open(Path file) throws IOException {
        if (!Files.exists(file)) {
            Files.createFile(file, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
        }
        return new FileOutputStream(file.toFile(), true);
    }

    /** Appends; after a fault, which is logged once, nothing more is written. */
    void add(Stream stream, byte[] data) {
        if (broken) {
            return;
        }
        try {
            byte[] frame = new byte[HEADER_BYTES + data.length];
            ByteBuffer.wrap(frame).put((byte) stream.ordinal()).putInt(data.length).put(data);
            FileOutputStream to = out;
            if (to == null) {
                to = open(current);
                out = to;
            }
            to.write(frame);
            size += frame.length;
            if (size >= limit) {
                to.close();
                out = null;
                Files.move(current, previous, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
                size = 0;
            }
        } catch (IOException e) {
            broken = true;
            LOG.warn("output is not kept for the next agent: file={} reason={}", current, e.toString());
        }
    }

    /** What is there, oldest first. */
    List<Piece> pieces() throws IOException {
        List<Piece> all = new ArrayList<>();
        for (Path file : List.of(previous, current)) {
            if (Files.exists(file)) {
                read(ByteBuffer.wrap(Files.readAllBytes(file)), all);
            }
        }
        return all;
    }

    /** A piece cut short by a kill is the last of its file. */
    private static void read(ByteBuffer from, List<Piece> to) {
        while (from.remaining() >= HEADER_BYTES) {
            int stream = from.get();
            int length = from.getInt();
            if (stream < 0 || stream >= Stream.values().length || length < 0 || length > Math.min(MOST_PIECE, from.remaining())) {
                return;
            }
            byte[] data = new byte[length];
            from.get(data);
            to.add(new Piece(Stream.values()[stream], data));
        }
    }

    @Override
    public void close() throws IOException {
        broken = true;
        FileOutputStream open = out;
        if (open != null) {
            open.close();
        }
    }
}
