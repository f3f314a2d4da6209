package io.openshell.agent.linux;

import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.OptionalLong;

/** The few netlink requests in use. A socket belongs to the network namespace of the thread that opened it. */
public final class Netlink {
    private static final int AF_NETLINK = 16;
    private static final int SOCK_RAW_CLOEXEC = 3 | 0x80000;
    private static final int REQUEST_ACK = 1 | 4;
    private static final int CREATE_EXCL = 0x400 | 0x200;
    private static final int NEWLINK = 16;
    private static final int NEWADDR = 20;
    private static final int SOCK_DIAG_BY_FAMILY = 20;
    private static final int NLMSG_ERROR = 2;
    private static final int DONT_WAIT = 0x40;
    private static final int LOOPBACK_INDEX = 1;
    private static final int UDP = 17;
    private static final int INET = 2;
    private static final int INET6 = 10;

    private Netlink() {}

    /** Opens a routing socket. */
    public static int openRoute() {
        return (int) Native.check("netlink route socket", Sys.SOCKET, AF_NETLINK, SOCK_RAW_CLOEXEC, 0);
    }

    /** Opens a socket look-up socket whose answers are awaited for at most two seconds. */
    public static int openDiag() {
        return openTimed(4, "netlink diag socket");
    }

    /** Opens a socket for rules about packets; answers are awaited for at most two seconds. */
    public static int openNetfilter() {
        return openTimed(12, "netfilter socket");
    }

    static int openTimed(int protocol, String what) {
        int fd = (int) Native.check(what, Sys.SOCKET, AF_NETLINK, SOCK_RAW_CLOEXEC, protocol);
        try (Memory m = new Memory()) {
            long timeval = m.allocate(16);
            Memory.putLong(timeval, 2);
            Native.check(what, Sys.SETSOCKOPT, fd, 1, 20, timeval, 16);
        }
        return fd;
    }

    /** Sends messages of which only the last asks for an answer: that, or the first failure, decides. */
    public static void transact(int fd, byte[] messages, String what) {
        acknowledged(fd, ByteBuffer.wrap(messages).order(ByteOrder.nativeOrder()), what);
    }

    /** Takes away what somebody else asked for and did not read, so that the next answer is to the next question. */
    public static void drain(int fd) {
        try (Memory m = new Memory()) {
            long p = m.allocate(8192);
            while (Native.call(Sys.RECVFROM, fd, p, 8192, DONT_WAIT, 0, 0) > 0) {
                continue;
            }
        }
    }

    /** Brings the loopback interface up. */
    public static void loopbackUp(int fd) {
        ByteBuffer b = header(32, NEWLINK, REQUEST_ACK);
        b.put((byte) 0).put((byte) 0).putShort((short) 0).putInt(LOOPBACK_INDEX).putInt(1).putInt(1);
        acknowledged(fd, b, "loopback up");
    }

    /** Puts one IPv4 address (/32) on the loopback interface. */
    public static void loopbackAddress(int fd, byte[] address) {
        ByteBuffer b = header(40, NEWADDR, REQUEST_ACK | CREATE_EXCL);
        b.put((byte) 2).put((byte) 32).put((byte) 0).put((byte) 0).putInt(LOOPBACK_INDEX);
        b.putShort((short) 8).putShort((short) 2).put(address);
        b.putShort((short) 8).putShort((short) 1).put(address);
        acknowledged(fd, b, "loopback address");
    }

    /**
     * The inode of the socket with exactly these ends; empty when there is none. Both ends are of the same family.
     *
     * @param protocol 6 for TCP, 17 for UDP
     */
    public static OptionalLong inode(int fd, int protocol, InetSocketAddress local, InetSocketAddress remote) {
        // Datagram sockets are looked for as if a packet had come in, so with the ends the other way round.
        InetSocketAddress first = protocol == UDP ? remote : local;
        InetSocketAddress second = protocol == UDP ? local : remote;
        byte[] one = first.getAddress().getAddress();
        byte[] other = second.getAddress().getAddress();
        ByteBuffer b = header(72, SOCK_DIAG_BY_FAMILY, 1);
        b.put((byte) (one.length == 4 ? INET : INET6)).put((byte) protocol).put((byte) 0).put((byte) 0).putInt(-1);
        b.order(ByteOrder.BIG_ENDIAN).putShort((short) first.getPort()).putShort((short) second.getPort());
        b.put(one).put(new byte[16 - one.length]).put(other).put(new byte[16 - other.length]);
        b.order(ByteOrder.nativeOrder()).putInt(0).putInt(-1).putInt(-1);
        ByteBuffer answer = exchange(fd, b, "socket look-up");
        if ((answer.getShort(4) & 0xffff) == NLMSG_ERROR) {
            int errno = -answer.getInt(16);
            if (errno == Errno.ENOENT) {
                return OptionalLong.empty();
            }
            throw new KernelException("socket look-up", errno);
        }
        return OptionalLong.of(answer.getInt(16 + 68) & 0xffffffffL);
    }

    private static ByteBuffer header(int length, int type, int flags) {
        ByteBuffer b = ByteBuffer.allocate(length).order(ByteOrder.nativeOrder());
        return b.putInt(length).putShort((short) type).putShort((short) flags).putInt(1).putInt(0);
    }

    private static void acknowledged(int fd, ByteBuffer request, String what) {
        ByteBuffer answer = exchange(fd, request, what);
        int errno = -answer.getInt(16);
        if ((answer.getShort(4) & 0xffff) != NLMSG_ERROR || errno != 0) {
            throw new KernelException(what, errno);
        }
    }

    private static ByteBuffer exchange(int fd, ByteBuffer request, String what) {
        try (Memory m = new Memory()) {
            Native.check(what, Sys.SENDTO, fd, m.bytes(request.array()), request.capacity(), 0, 0, 0);
            long p = m.allocate(8192);
            int n = (int) Native.check(what, Sys.RECVFROM, fd, p, 8192, 0, 0, 0);
            return ByteBuffer.wrap(Memory.get(p, Math.max(n, 20))).order(ByteOrder.nativeOrder());
        }
    }
}
