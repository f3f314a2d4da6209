package io.openshell.proxy.http;

import io.netty.buffer.ByteBuf;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * Tells which of the arriving bytes belong to one body, as they were sent, and when it has ended. Bytes after the end are
 * never taken. One per body.
 */
public final class BodyReader {
    private static final int LINE_LIMIT = 4096;
    private static final int TRAILER_LIMIT = 8192;

    private enum Stage {
        SIZE,
        DATA,
        DATA_END,
        TRAILER,
        DONE,
        UNTIL_CLOSE
    }

    private final boolean chunked;
    private final StringBuilder line = new StringBuilder();
    private Stage stage;
    private Consumer<ByteBuf> content = bytes -> {};
    private long left;
    private int trailerBytes;

    /**
     * Makes a reader.
     *
     * @param framing how the end is told
     */
    public BodyReader(BodyFraming framing) {
        this.chunked = framing instanceof BodyFraming.Chunked;
        this.stage = switch (framing) {
            case BodyFraming.None none -> Stage.DONE;
            case BodyFraming.Length length -> length.bytes() == 0 ? Stage.DONE : Stage.DATA;
            case BodyFraming.Chunked chunks -> Stage.SIZE;
            case BodyFraming.UntilClose untilClose -> Stage.UNTIL_CLOSE;
        };
        this.left = framing instanceof BodyFraming.Length length ? length.bytes() : 0;
    }

    /**
     * Makes a reader that also shows what it takes, without its framing.
     *
     * @param framing how the end is told
     * @param content gets the bytes as slices it must neither keep nor change
     */
    public BodyReader(BodyFraming framing, Consumer<ByteBuf> content) {
        this(framing);
        this.content = content;
    }

    /**
     * Says whether the body has ended.
     *
     * @return true once its last byte was taken
     */
    public boolean isDone() {
        return stage == Stage.DONE;
    }

    /**
     * Says whether the end of the connection is a proper end of the body.
     *
     * @return false when bytes are missing
     */
    public boolean mayEndNow() {
        return stage == Stage.DONE || stage == Stage.UNTIL_CLOSE;
    }

    /**
     * Frames text that ends the body here, in place of what is missing.
     *
     * @param words the text
     * @return the bytes to send; empty where the body has promised other ones
     */
    public Optional<byte[]> lastWords(byte[] words) {
        if (stage == Stage.UNTIL_CLOSE) {
            return Optional.of(words.clone());
        }
        if (stage != Stage.SIZE || line.length() > 0) {
            return Optional.empty();
        }
        var out = new ByteArrayOutputStream();
        out.writeBytes((Integer.toHexString(words.length) + "\r\n").getBytes(StandardCharsets.US_ASCII));
        out.writeBytes(words);
        out.writeBytes("\r\n0\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
        return Optional.of(out.toByteArray());
    }

    /**
     * Takes the bytes that belong to the body.
     *
     * @param bytes what arrived; its reader index ends behind the last byte taken
     * @return the bytes taken, a retained slice the caller releases
     * @throws MalformedHttpException when chunks are not strictly formed; no bytes are handed out then
     */
    public ByteBuf take(ByteBuf bytes) throws MalformedHttpException {
        int from = bytes.readerIndex();
        while (bytes.isReadable() && stage != Stage.DONE) {
            switch (stage) {
                case UNTIL_CLOSE -> bytes.skipBytes(bytes.readableBytes());
                case DATA -> data(bytes);
                case SIZE, DATA_END, TRAILER -> character(bytes.readByte());
                case DONE -> throw new IllegalStateException("a finished body took bytes");
            }
        }
        return bytes.retainedSlice(from, bytes.readerIndex() - from);
    }

    private void data(ByteBuf bytes) {
        int step = (int) Math.min(left, bytes.readableBytes());
        content.accept(bytes.slice(bytes.readerIndex(), step));
        bytes.skipBytes(step);
        left -= step;
        if (left == 0) {
            stage = chunked ? Stage.DATA_END : Stage.DONE;
        }
    }

    private void character(byte next) throws MalformedHttpException {
        line.append((char) (next & 0xff));
        if (next != '\n') {
            if (line.length() > LINE_LIMIT) {
                throw new MalformedHttpException("a chunk line is too long");
            }
            return;
        }
        int text = line.length() - 2;
        if (text < 0 || line.charAt(text) != '\r') {
            throw new MalformedHttpException("a bare line feed in a chunked body");
        }
        var complete = line.substring(0, text);
        line.setLength(0);
        if (Syntax.hasControl(complete)) {
            throw new MalformedHttpException("a control character in a chunk line");
        }
        complete(complete);
    }

    private void complete(String text) throws MalformedHttpException {
        switch (stage) {
            case SIZE -> {
                left = size(text);
                stage = left == 0 ? Stage.TRAILER : Stage.DATA;
            }
            case DATA_END -> {
                if (!text.isEmpty()) {
                    throw new MalformedHttpException("a chunk is longer than its size");
                }
                stage = Stage.SIZE;
            }
            case TRAILER -> trailer(text);
            case DATA, DONE, UNTIL_CLOSE -> throw new IllegalStateException("no line is read here");
        }
    }

    private void trailer(String text) throws MalformedHttpException {
        trailerBytes += text.length() + 2;
        if (text.isEmpty()) {
            stage = Stage.DONE;
        } else if (trailerBytes > TRAILER_LIMIT || !Syntax.isToken(text.substring(0, Math.max(0, text.indexOf(':'))))) {
            throw new MalformedHttpException("a malformed trailer field");
        }
    }

    private static long size(String text) throws MalformedHttpException {
        int extension = text.indexOf(';');
        var digits = Syntax.trim(extension < 0 ? text : text.substring(0, extension));
        boolean hex = !digits.isEmpty() && digits.length() <= 15
                && digits.chars().allMatch(c -> c < 0x7f && Character.digit(c, 16) >= 0);
        if (!hex) {
            throw new MalformedHttpException("a chunk size is not a number");
        }
        return Long.parseLong(digits, 16);
    }
}
