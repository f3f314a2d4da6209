package io.openshell.agent.linux;

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

    private Netlink() {}

    /** Opens a routing socket. */
    public static int openRoute() {
        return (int) Native.check("netlink route socket", Sys.SOCKET, AF_NETLINK, SOCK_RAW_CLOEXEC, 0);
    }

    /** Opens a socket look-up socket whose answers are awaited for at most two seconds. */
    public static int openDiag() {
        int fd = (int) Native.check("netlink diag socket", Sys.SOCKET, AF_NETLINK, SOCK_RAW_CLOEXEC, 4);
        try (Memory m = new Memory()) {
            long timeval = m.allocate(16);
            Memory.putLong(timeval, 2);
            Native.check("diag timeout", Sys.SETSOCKOPT, fd, 1, 20, timeval, 16);
        }
        return fd;
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

    /** The inode of the TCP socket with exactly this IPv4 tuple; empty when there is none. */
    public static OptionalLong inode(int fd, byte[] local, int localPort, byte[] remote, int remotePort) {
        ByteBuffer b = header(72, SOCK_DIAG_BY_FAMILY, 1);
        b.put((byte) 2).put((byte) 6).put((byte) 0).put((byte) 0).putInt(-1);
        b.order(ByteOrder.BIG_ENDIAN).putShort((short) localPort).putShort((short) remotePort);
        b.put(local).put(new byte[12]).put(remote).put(new byte[12]);
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
