package io.openshell.wire.events;

import com.google.protobuf.CodedOutputStream;
import com.google.protobuf.MessageLite;
import java.io.IOException;
import java.io.UncheckedIOException;

/** Bytes of a message with map entries in key order, so that equal messages have equal bytes in every process. */
final class CanonicalBytes {

    private CanonicalBytes() {}

    /** Hashes of the log are taken over these bytes; without an order the same event could get two hashes. */
    static byte[] of(MessageLite message) {
        byte[] bytes = new byte[message.getSerializedSize()];
        CodedOutputStream out = CodedOutputStream.newInstance(bytes);
        out.useDeterministicSerialization();
        try {
            message.writeTo(out);
        } catch (IOException e) {
            throw new UncheckedIOException("writing to memory failed", e);
        }
        out.checkNoSpaceLeft();
        return bytes;
    }
}
