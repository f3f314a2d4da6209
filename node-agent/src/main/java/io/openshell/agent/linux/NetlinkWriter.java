package io.openshell.agent.linux;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Deque;

/** Writes netlink messages with nested attributes into one block of bytes. Pure; one thread at a time. */
public final class NetlinkWriter {
    /** Asks for an answer, also when all went well. */
    public static final int ACK = 4;
    /** Makes what is not there. */
    public static final int CREATE = 0x400;
    /** Puts itself in the place of what is there. */
    public static final int REPLACE = 0x100;
    /** Goes behind what is there. */
    public static final int APPEND = 0x800;

    private static final int REQUEST = 1;
    private static final int NESTED = 0x8000;
    private static final int MOST_BYTES = 16 * 1024;
    private final ByteBuffer bytes = ByteBuffer.allocate(MOST_BYTES).order(ByteOrder.nativeOrder());
    private final Deque<Integer> open = new ArrayDeque<>();
    private int message = -1;
    private int sequence;

    /** Begins a message and ends the one before. */
    public NetlinkWriter message(int type, int flags) {
        endMessage();
        message = bytes.position();
        bytes.putInt(0).putShort((short) type).putShort((short) (flags | REQUEST)).putInt(++sequence).putInt(0);
        return this;
    }

    /** Bytes of the message's own header. */
    public NetlinkWriter fixed(byte[] header) {
        bytes.put(header);
        return align();
    }

    /** The header of netfilter's messages. */
    public NetlinkWriter netfilter(int family, int resource) {
        bytes.put((byte) family).put((byte) 0).put((byte) (resource >> 8)).put((byte) resource);
        return this;
    }

    /** Begins an attribute of attributes. */
    public NetlinkWriter nest(int type) {
        open.push(bytes.position());
        bytes.putShort((short) 0).putShort((short) (type | NESTED));
        return this;
    }

    /** Ends the attribute that was begun last. */
    public NetlinkWriter end() {
        int at = open.pop();
        bytes.putShort(at, (short) (bytes.position() - at));
        return align();
    }

    /** An attribute of bytes. */
    public NetlinkWriter attribute(int type, byte... value) {
        bytes.putShort((short) (4 + value.length)).putShort((short) type).put(value);
        return align();
    }

    /** An attribute with a text. */
    public NetlinkWriter text(int type, String value) {
        return attribute(type, (value + "\0").getBytes(StandardCharsets.US_ASCII));
    }

    /** An attribute with a number in network order, which most of netfilter's are. */
    public NetlinkWriter number(int type, int value) {
        return attribute(type, ByteBuffer.allocate(4).putInt(value).array());
    }

    /** An attribute with a number in the machine's order. */
    public NetlinkWriter ownNumber(int type, int value) {
        return attribute(type, own(value));
    }

    /** A number in the machine's order. */
    public static byte[] own(int value) {
        return ByteBuffer.allocate(4).order(ByteOrder.nativeOrder()).putInt(value).array();
    }

    /** All messages. */
    public byte[] bytes() {
        endMessage();
        return Arrays.copyOf(bytes.array(), bytes.position());
    }

    private void endMessage() {
        if (!open.isEmpty()) {
            throw new IllegalStateException("an attribute was not ended");
        }
        if (message >= 0) {
            bytes.putInt(message, bytes.position() - message);
            message = -1;
        }
    }

    private NetlinkWriter align() {
        while ((bytes.position() & 3) != 0) {
            bytes.put((byte) 0);
        }
        return this;
    }
}
