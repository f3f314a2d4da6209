package io.openshell.proxy.http;

import io.netty.buffer.ByteBuf;
import java.io.ByteArrayOutputStream;
import java.util.Arrays;

/** Collects one small body whole, chunks joined. One per body. */
public final class BodyCollector {
    /** Chunk sizes and trailers may come on top of the body. */
    private static final int FRAMING_ROOM = 64 * 1024;

    private final BodyReader reader;
    private final boolean chunked;
    private final long limit;
    private final long announced;
    private final long rawLimit;
    private final ByteArrayOutputStream raw = new ByteArrayOutputStream();

    /**
     * Makes a collector.
     *
     * @param framing how the end is told
     * @param limit how many bytes the body may have
     */
    public BodyCollector(BodyFraming framing, long limit) {
        this.reader = new BodyReader(framing);
        this.chunked = framing instanceof BodyFraming.Chunked;
        this.limit = limit;
        this.announced = framing instanceof BodyFraming.Length length ? length.bytes() : 0;
        this.rawLimit = limit + (chunked ? FRAMING_ROOM : 0);
    }

    /**
     * Takes the bytes that belong to the body.
     *
     * @param bytes what arrived; its reader index ends behind the last byte taken
     * @throws MalformedHttpException when chunks are not strictly formed
     */
    public void take(ByteBuf bytes) throws MalformedHttpException {
        var part = reader.take(bytes);
        try {
            if (!isTooLarge()) {
                var copy = new byte[part.readableBytes()];
                part.readBytes(copy);
                raw.writeBytes(copy);
            }
        } finally {
            part.release();
        }
    }

    /**
     * Says whether the body has ended.
     *
     * @return true once its last byte was taken
     */
    public boolean isDone() {
        return reader.isDone();
    }

    /**
     * Says whether there is more than may be.
     *
     * @return true as soon as that is clear
     */
    public boolean isTooLarge() {
        return announced > limit || raw.size() > rawLimit || isDone() && body().length > limit;
    }

    /**
     * Gives the body without its framing.
     *
     * @return the bytes, once the body has ended
     */
    public byte[] body() {
        var bytes = raw.toByteArray();
        return chunked ? joined(bytes) : bytes;
    }

    /** The reader has checked the form already. */
    private static byte[] joined(byte[] chunks) {
        var out = new ByteArrayOutputStream(chunks.length);
        int at = 0;
        while (at < chunks.length) {
            int end = at;
            int size = 0;
            while (chunks[end] != '\n') {
                end++;
            }
            for (int i = at; i < end && Character.digit(chunks[i], 16) >= 0; i++) {
                size = size << 4 | Character.digit(chunks[i], 16);
            }
            if (size == 0) {
                break;
            }
            out.writeBytes(Arrays.copyOfRange(chunks, end + 1, end + 1 + size));
            at = end + 1 + size + 2;
        }
        return out.toByteArray();
    }
}
