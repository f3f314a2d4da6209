package io.openshell.proxy.websocket;

import io.netty.buffer.ByteBuf;
import java.io.ByteArrayOutputStream;
import java.util.Optional;

/**
 * Follows the frames a client sends, without keeping any: says which bytes may go on, where a text message begins, and what
 * breaks the protocol or a limit. Only connections without extensions can be followed. One per connection.
 */
public final class ClientFrames {
    static final long TEXT_LIMIT = 4L << 20;
    static final long FRAME_LIMIT = 16L << 20;
    static final int MOST_FRAGMENTS = 4096;

    private static final int TEXT = 1;
    private static final int BINARY = 2;
    private static final int CLOSE = 8;
    private static final int PONG = 10;

    /** What the next bytes are. */
    public sealed interface Step {
        /** More bytes are needed. */
        record More() implements Step {}

        /** A text message begins; asked again, its bytes follow. */
        record TextBegins() implements Step {}

        /** The last byte of a text message has been taken. */
        record TextEnds() implements Step {}

        /**
         * These bytes may go on.
         *
         * @param length how many, at least one
         */
        record Bytes(int length) implements Step {}

        /**
         * The connection must end.
         *
         * @param code why
         * @param what why, in words
         */
        record Violation(CloseCode code, String what) implements Step {}
    }

    private static final Step MORE = new Step.More();
    private static final Step TEXT_BEGINS = new Step.TextBegins();
    private static final Step TEXT_ENDS = new Step.TextEnds();

    private int header;
    private long payload;
    private boolean last;
    private boolean text;
    private boolean open;
    private long messageBytes;
    private int fragments;
    private int mask;
    private int maskAt;
    private boolean checked;
    private Utf8Check utf8 = new Utf8Check();
    private final boolean keeps;
    private final ByteArrayOutputStream kept = new ByteArrayOutputStream();
    private boolean textual;
    private boolean binary;
    private final long textLimit;
    private boolean ended;

    /** Follows frames and keeps nothing of them. */
    public ClientFrames() {
        this(false, TEXT_LIMIT);
    }

    /**
     * Follows frames.
     *
     * @param keeps whether text messages are put together
     * @param longest the most bytes a text message may have, at most 4 MiB
     */
    public ClientFrames(boolean keeps, long longest) {
        this.keeps = keeps;
        this.textLimit = Math.min(TEXT_LIMIT, longest);
    }

    /**
     * Says whether the next step needs no more bytes because it tells the end of a text message.
     *
     * @return true right after the last byte of a text message was taken
     */
    public boolean hasTextEnded() {
        return ended && header == 0;
    }

    /**
     * Looks at what comes next. The caller takes the bytes of a {@link Step.Bytes} out before it asks again.
     *
     * @param in what has arrived and was not taken yet
     * @return what it is
     */
    public Step next(ByteBuf in) {
        if (header > 0) {
            int length = header;
            header = 0;
            textual = true;
            return new Step.Bytes(length);
        }
        if (ended) {
            ended = false;
            return TEXT_ENDS;
        }
        if (payload > 0) {
            return payload(in);
        }
        return head(in);
    }

    /**
     * Says whether a frame of another sender could stand here.
     *
     * @return false in the middle of a frame
     */
    public boolean isBetweenFrames() {
        return header == 0 && payload == 0;
    }

    private Step payload(ByteBuf in) {
        int length = (int) Math.min(payload, in.readableBytes());
        if (length == 0) {
            return MORE;
        }
        if (checked && !isUtf8(in, length)) {
            return new Step.Violation(CloseCode.NOT_UTF8, "a text is not UTF-8");
        }
        payload -= length;
        textual = checked;
        ended = checked && last && payload == 0;
        return new Step.Bytes(length);
    }

    /**
     * Says what the bytes of the last step belong to.
     *
     * @return true for a text message
     */
    public boolean isTextual() {
        return textual;
    }

    /**
     * Says what the bytes of the last step belong to.
     *
     * @return true for a binary message
     */
    public boolean isBinary() {
        return binary;
    }

    /**
     * Gives a text message that ends with the bytes of the last step, if they are put together.
     *
     * @return its bytes, unmasked; empty before its end
     */
    public Optional<byte[]> takeText() {
        if (!keeps || !textual || !last || payload > 0 || header > 0) {
            return Optional.empty();
        }
        var message = kept.toByteArray();
        kept.reset();
        return Optional.of(message);
    }

    private boolean isUtf8(ByteBuf in, int length) {
        for (int i = 0; i < length; i++) {
            int plain = in.getByte(in.readerIndex() + i) ^ mask >>> 8 * (3 - maskAt);
            maskAt = maskAt + 1 & 3;
            if (keeps) {
                kept.write(plain);
            }
            if (!utf8.accept(plain & 0xff)) {
                return false;
            }
        }
        return payload > length || !last || utf8.isWhole();
    }

    private Step head(ByteBuf in) {
        if (in.readableBytes() < 2) {
            return MORE;
        }
        int first = in.getUnsignedByte(in.readerIndex());
        int second = in.getUnsignedByte(in.readerIndex() + 1);
        int size = second & 0x7f;
        int opcode = first & 0x0f;
        if ((first & 0x70) != 0 || (second & 0x80) == 0 || opcode > BINARY && opcode < CLOSE || opcode > PONG) {
            return broken("a frame with unknown or missing marks");
        }
        int extended = size < 126 ? 0 : size == 126 ? 2 : 8;
        if (in.readableBytes() < 6 + extended) {
            return MORE;
        }
        long length = extended == 0 ? size
                : extended == 2 ? in.getUnsignedShort(in.readerIndex() + 2) : in.getLong(in.readerIndex() + 2);
        if (length < 0 || extended == 2 && length < 126 || extended == 8 && length < 1 << 16) {
            return broken("a length that is not the shortest form");
        }
        mask = in.getInt(in.readerIndex() + 2 + extended);
        maskAt = 0;
        boolean fin = (first & 0x80) != 0;
        return opcode >= CLOSE ? control(fin, length) : data(opcode, fin, length, 6 + extended);
    }

    private Step control(boolean fin, long length) {
        if (!fin || length > 125) {
            return broken("a control frame that is too long or in parts");
        }
        checked = false;
        textual = false;
        binary = false;
        payload = length;
        return new Step.Bytes(6);
    }

    private Step data(int opcode, boolean fin, long length, int headLength) {
        boolean begins = opcode == TEXT || opcode == BINARY;
        if (begins == open) {
            return broken(begins ? "a message within a message" : "a continuation of nothing");
        }
        if (begins) {
            text = opcode == TEXT;
            messageBytes = 0;
            fragments = 0;
            utf8 = new Utf8Check();
        }
        messageBytes += length;
        if (length > FRAME_LIMIT || text && (messageBytes > textLimit || ++fragments > MOST_FRAGMENTS)) {
            return new Step.Violation(CloseCode.TOO_BIG, "a message beyond the limits");
        }
        open = !fin;
        last = fin;
        checked = text;
        textual = text;
        binary = !text;
        payload = length;
        if (fin && text && length == 0 && !utf8.isWhole()) {
            return new Step.Violation(CloseCode.NOT_UTF8, "a text is not UTF-8");
        }
        ended = fin && text && length == 0;
        if (begins && text) {
            header = headLength;
            return TEXT_BEGINS;
        }
        return new Step.Bytes(headLength);
    }

    private static Step broken(String what) {
        return new Step.Violation(CloseCode.PROTOCOL, what);
    }
}
