package io.openshell.proxy.websocket;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.util.concurrent.ThreadLocalRandom;

/** Why a WebSocket is ended from the middle. */
public enum CloseCode {
    /** A frame breaks the protocol. */
    PROTOCOL(1002),
    /** A text is not UTF-8. */
    NOT_UTF8(1007),
    /** A message the rules refuse. */
    POLICY(1008),
    /** A message beyond the limits. */
    TOO_BIG(1009),
    /** The policy that allowed the connection is not in force any more; the client may connect again. */
    RELOAD(1012),
    /** Too many others are at it; the client may try again later. */
    TRY_LATER(1013);

    private static final int CLOSE = 0x88;
    private static final int MASKED = 0x80;

    private final int number;

    CloseCode(int number) {
        this.number = number;
    }

    /**
     * Says the number.
     *
     * @return the status code of RFC 6455
     */
    public int number() {
        return number;
    }

    /**
     * Writes the close frame a server sends.
     *
     * @return the frame
     */
    public ByteBuf fromServer() {
        return Unpooled.buffer(4).writeByte(CLOSE).writeByte(2).writeShort(number);
    }

    /**
     * Writes the close frame a client sends.
     *
     * @return the frame, masked
     */
    public ByteBuf fromClient() {
        int mask = ThreadLocalRandom.current().nextInt();
        return Unpooled.buffer(8).writeByte(CLOSE).writeByte(MASKED | 2).writeInt(mask).writeShort(number ^ mask >>> 16);
    }
}
