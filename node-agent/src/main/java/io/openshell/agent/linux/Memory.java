package io.openshell.agent.linux;

import com.kenai.jffi.MemoryIO;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/** Native memory that is freed together. One thread at a time. */
public final class Memory implements AutoCloseable {
    private static final MemoryIO IO = MemoryIO.getInstance();
    private final List<Long> blocks = new ArrayList<>();

    /** Zeroed memory. */
    public long allocate(long bytes) {
        long p = IO.allocateMemory(bytes, true);
        if (p == 0) {
            throw new OutOfMemoryError("native memory");
        }
        blocks.add(p);
        return p;
    }

    /** A zero-terminated copy. */
    public long text(String value) {
        byte[] b = value.getBytes(StandardCharsets.UTF_8);
        long p = allocate(b.length + 1L);
        IO.putByteArray(p, b, 0, b.length);
        return p;
    }

    /** A null-terminated vector of texts. */
    public long vector(List<String> values) {
        long p = allocate(8L * (values.size() + 1));
        for (int i = 0; i < values.size(); i++) {
            IO.putLong(p + 8L * i, text(values.get(i)));
        }
        return p;
    }

    /** A copy of the bytes. */
    public long bytes(byte[] value) {
        long p = allocate(Math.max(1, value.length));
        IO.putByteArray(p, value, 0, value.length);
        return p;
    }

    public static void putByte(long at, int v) {
        IO.putByte(at, (byte) v);
    }

    public static void putShort(long at, int v) {
        IO.putShort(at, (short) v);
    }

    public static void putInt(long at, int v) {
        IO.putInt(at, v);
    }

    public static void putLong(long at, long v) {
        IO.putLong(at, v);
    }

    public static byte getByte(long at) {
        return IO.getByte(at);
    }

    public static int getInt(long at) {
        return IO.getInt(at);
    }

    public static long getLong(long at) {
        return IO.getLong(at);
    }

    public static short getShort(long at) {
        return IO.getShort(at);
    }

    public static void put(long at, byte[] from, int offset, int length) {
        IO.putByteArray(at, from, offset, length);
    }

    public static byte[] get(long at, int length) {
        byte[] b = new byte[length];
        IO.getByteArray(at, b, 0, length);
        return b;
    }

    @Override
    public void close() {
        blocks.forEach(IO::freeMemory);
        blocks.clear();
    }
}
