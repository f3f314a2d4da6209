package io.openshell.agent.linux;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import org.jspecify.annotations.Nullable;

/**
 * Packets that the kernel holds until it is told to go on with them. The socket belongs to the network namespace of the thread that
 * opens it; when it is closed the kernel goes on by itself.
 */
public final class PacketQueue {
    private static final int NETFILTER = 12;
    private static final int QUEUE = 3 << 8;
    private static final int PACKET = QUEUE;
    private static final int VERDICT = QUEUE | 1;
    private static final int CONFIGURE = QUEUE | 2;
    private static final int DONT_WAIT = 0x40;
    private static final int HEADER = 1;
    private static final int PAYLOAD = 10;
    private static final int ACCEPT = 1;
    private static final int RECEIVE_BYTES = 2_048;
    /** Longest IPv4 header and the ports behind it. */
    private static final int COPIED = 128;
    private static final int LENGTH = 256;
    private static final int GO_ON_WHEN_FULL = 1;
    private static final byte BIND = 1;
    private static final byte COPY_PACKET = 2;
    private static final byte[] CONFIGURATION = new NetlinkWriter().message(CONFIGURE, NetlinkWriter.ACK).netfilter(0, 0)
            .attribute(1, BIND, (byte) 0, (byte) 0, (byte) 0)
            .attribute(2, (byte) 0, (byte) 0, (byte) 0, (byte) COPIED, COPY_PACKET)
            .number(3, LENGTH).number(4, GO_ON_WHEN_FULL).number(5, GO_ON_WHEN_FULL).bytes();

    private PacketQueue() {}

    /** One packet: its number, and its beginning from the IP header on. */
    public record Held(int id, byte[] start) {}

    /** Opens the queue number 0 of this thread's network namespace. */
    public static int open() {
        int fd = Netlink.openTimed(NETFILTER, "packet queue socket");
        try {
            Netlink.transact(fd, CONFIGURATION, "packet queue");
            return fd;
        } catch (RuntimeException e) {
            Fd.close(fd);
            throw e;
        }
    }

    /** The next packet; null when there is none now. What is no packet is skipped. */
    public static @Nullable Held next(int fd) {
        try (Memory m = new Memory()) {
            long p = m.allocate(RECEIVE_BYTES);
            while (true) {
                long n = Native.call(Sys.RECVFROM, fd, p, RECEIVE_BYTES, DONT_WAIT, 0, 0);
                if (n < 20) {
                    return null;
                }
                ByteBuffer b = ByteBuffer.wrap(Memory.get(p, (int) n)).order(ByteOrder.nativeOrder());
                if ((b.getShort(4) & 0xffff) == PACKET) {
                    return held(b, (int) Math.min(n, b.getInt(0)));
                }
            }
        }
    }

    private static Held held(ByteBuffer b, int length) {
        int id = 0;
        byte[] start = {};
        for (int at = 20; at + 4 <= length; ) {
            int size = b.getShort(at) & 0xffff;
            if (size < 4 || at + size > length) {
                break;
            }
            switch (b.getShort(at + 2) & 0x3fff) {
                case HEADER -> id = b.duplicate().getInt(at + 4); // a duplicate reads network order
                case PAYLOAD -> {
                    start = new byte[size - 4];
                    b.get(at + 4, start);
                }
                default -> { }
            }
            at += (size + 3) & ~3;
        }
        return new Held(id, start);
    }

    /** Lets the packet go on to the next table. */
    public static void release(int fd, int id) {
        byte[] verdict = ByteBuffer.allocate(8).putInt(ACCEPT).putInt(id).array();
        byte[] message = new NetlinkWriter().message(VERDICT, 0).netfilter(0, 0).attribute(2, verdict).bytes();
        try (Memory m = new Memory()) {
            Native.call(Sys.SENDTO, fd, m.bytes(message), message.length, 0, 0, 0);
        }
    }
}
