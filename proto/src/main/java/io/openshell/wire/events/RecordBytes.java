package io.openshell.wire.events;

import com.google.protobuf.CodedInputStream;
import com.google.protobuf.CodedOutputStream;
import com.google.protobuf.MessageLite;
import java.io.IOException;
import java.io.UncheckedIOException;

/** Messages of the log as bytes. */
final class RecordBytes {

    /** Twice what a parser takes by default. */
    private static final int MAX_NESTING = 200;

    private RecordBytes() {}

    /**
     * With map entries in key order, so that equal messages have equal bytes in every process: hashes of the log are taken over these
     * bytes.
     */
    static byte[] write(MessageLite message) {
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

    /**
     * For parsing a record. A policy that a request could carry within the usual nesting limit stands some levels deeper in a record, so
     * records may nest deeper.
     */
    static CodedInputStream read(byte[] bytes) {
        CodedInputStream in = CodedInputStream.newInstance(bytes);
        in.setRecursionLimit(MAX_NESTING);
        return in;
    }
}
