package io.openshell.proxy.tls;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/** What a client says when it begins TLS, as far as it matters before TLS is taken off. */
public sealed interface ClientHello {
    /** More bytes are needed. */
    record Incomplete() implements ClientHello {}

    /**
     * The greeting is whole.
     *
     * @param protocols what the client is ready to speak inside; empty when it does not say, or when the greeting is broken,
     *     which TLS itself then refuses
     */
    record Complete(List<String> protocols) implements ClientHello {
        /** Keeps its own copy. */
        public Complete {
            protocols = List.copyOf(protocols);
        }
    }

    /** The name of HTTP/2 inside TLS. */
    String HTTP2 = "h2";

    /** Longer greetings are not looked into. */
    int MOST = 32 * 1024;

    /**
     * Looks into what a client has sent.
     *
     * @param bytes everything so far; nothing is taken out of it
     * @return what it says, or that more is needed
     */
    static ClientHello of(ByteBuf bytes) {
        var records = bytes.slice();
        var message = Unpooled.buffer();
        try {
            while (records.readableBytes() >= 5) {
                int type = records.readUnsignedByte();
                records.skipBytes(2);
                int length = records.readUnsignedShort();
                if (type != 22 || length == 0 || message.readableBytes() > MOST) {
                    return broken();
                }
                if (records.readableBytes() < length) {
                    break;
                }
                message.writeBytes(records, length);
                if (message.readableBytes() >= 4 && message.readableBytes() >= 4 + message.getUnsignedMedium(1)) {
                    return message.getByte(0) == 1 ? hello(message.slice(4, message.getUnsignedMedium(1))) : broken();
                }
            }
            return bytes.readableBytes() > MOST ? broken() : new Incomplete();
        } catch (IndexOutOfBoundsException lying) {
            // A length within that points outside.
            return broken();
        } finally {
            message.release();
        }
    }

    private static ClientHello broken() {
        return new Complete(List.of());
    }

    private static ClientHello hello(ByteBuf hello) {
        hello.skipBytes(2 + 32);
        hello.skipBytes(hello.readUnsignedByte());
        hello.skipBytes(hello.readUnsignedShort());
        hello.skipBytes(hello.readUnsignedByte());
        var protocols = new ArrayList<String>();
        if (hello.isReadable()) {
            var extensions = hello.readSlice(hello.readUnsignedShort());
            while (extensions.isReadable()) {
                int type = extensions.readUnsignedShort();
                var content = extensions.readSlice(extensions.readUnsignedShort());
                if (type == 16) {
                    protocols(content, protocols);
                }
            }
        }
        return new Complete(protocols);
    }

    private static void protocols(ByteBuf content, List<String> into) {
        var names = content.readSlice(content.readUnsignedShort());
        while (names.isReadable()) {
            into.add(names.readCharSequence(names.readUnsignedByte(), StandardCharsets.ISO_8859_1).toString());
        }
    }
}
