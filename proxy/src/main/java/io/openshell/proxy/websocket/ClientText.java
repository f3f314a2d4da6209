package io.openshell.proxy.websocket;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.util.concurrent.ThreadLocalRandom;

/** Writes text messages the way a client does. Pure. */
public final class ClientText {
    private static final int WHOLE_TEXT = 0x81;
    private static final int MASKED = 0x80;

    private ClientText() {}

    /**
     * Writes one message as one frame.
     *
     * @param message its bytes
     * @return the frame, masked
     */
    public static ByteBuf frame(byte[] message) {
        int mask = ThreadLocalRandom.current().nextInt();
        var out = Unpooled.buffer(message.length + 14).writeByte(WHOLE_TEXT);
        if (message.length < 126) {
            out.writeByte(MASKED | message.length);
        } else if (message.length < 1 << 16) {
            out.writeByte(MASKED | 126).writeShort(message.length);
        } else {
            out.writeByte(MASKED | 127).writeLong(message.length);
        }
        out.writeInt(mask);
        for (int i = 0; i < message.length; i++) {
            out.writeByte(message[i] ^ mask >>> 8 * (3 - (i & 3)));
        }
        return out;
    }
}
