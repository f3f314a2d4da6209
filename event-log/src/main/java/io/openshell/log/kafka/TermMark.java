package io.openshell.log.kafka;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.header.Headers;

/**
 * What an owner of a partition marks its events with, in a header of each record.
 *
 * @param term the offset at which the owner's term begins
 * @param sequence how many events of the same term stand before it
 * @param command offset of the command that led to it, in the same partition of the commands
 * @param remaining events of the same command that follow
 */
record TermMark(long term, long sequence, long command, int remaining) {
    private static final String KEY = "term";
    private static final String START = "term-start";
    private static final String FEED = "feed";
    private static final int BYTES = 3 * Long.BYTES + Integer.BYTES;

    void putInto(Headers headers) {
        headers.add(KEY, ByteBuffer.allocate(BYTES).putLong(term).putLong(sequence).putLong(command).putInt(remaining).array());
    }

    /** Empty for what was written by no owner of a term. */
    static Optional<TermMark> of(Headers headers) {
        Header header = headers.lastHeader(KEY);
        if (header == null || header.value() == null || header.value().length != BYTES) {
            return Optional.empty();
        }
        ByteBuffer bytes = ByteBuffer.wrap(header.value());
        return Optional.of(new TermMark(bytes.getLong(), bytes.getLong(), bytes.getLong(), bytes.getInt()));
    }

    /** Makes a record the beginning of a term. */
    static void putStartInto(Headers headers) {
        headers.add(START, new byte[0]);
    }

    static boolean isStart(Headers headers) {
        return headers.lastHeader(START) != null;
    }

    /** Names the feed that gets a copy, so that whoever takes over can tell which copies may be missing. */
    static void putFeedInto(Headers headers, String node) {
        headers.add(FEED, node.getBytes(StandardCharsets.UTF_8));
    }

    static Optional<String> feed(Headers headers) {
        return Optional.ofNullable(headers.lastHeader(FEED))
                .map(header -> new String(header.value(), StandardCharsets.UTF_8));
    }
}
