package io.openshell.agent.capture;

import io.openshell.agent.linux.Errno;
import io.openshell.agent.linux.Fd;
import io.openshell.agent.linux.KernelException;
import io.openshell.agent.linux.Memory;
import io.openshell.agent.linux.Native;
import io.openshell.agent.linux.Netlink;
import io.openshell.agent.linux.PacketQueue;
import io.openshell.agent.linux.Sys;

/**
 * Prepares the network namespace of the calling thread so that direct attempts are seen. May be done again by a later agent. Runs on
 * threads that must not load classes: everything is made when this class is initialised.
 */
public final class CaptureSetup {
    private static final byte[] NATIVE = CaptureTable.table(CaptureTable.Holding.NATIVE);
    private static final byte[] BORROWED = CaptureTable.table(CaptureTable.Holding.BORROWED);
    private static final byte[] NO_TABLE = CaptureTable.noTable();
    private static final byte[] ROUTE4 = CaptureTable.route4();
    private static final byte[] ROUTE6 = CaptureTable.route6();
    private static final int INET = 2;
    private static final int STREAM = 1 | 0x80000 | 0x800;
    private static final int DATAGRAM = 2 | 0x80000 | 0x800;
    private static final int SOCKADDR_BYTES = 16;
    private static final int BACKLOG = 128;
    private static final int SOL_SOCKET = 1;
    private static final int REUSE_ADDRESS = 2;
    private static final int IP_TRANSPARENT = 19;
    private final int[] fds = {-1, -1, -1, -1};

    private CaptureSetup() {}

    /** Makes sockets, table and routes. A kernel that cannot leaves the namespace as it was, which leads nowhere anyway. */
    public static CaptureSockets open(CaptureSupport support) {
        return switch (support) {
            case CaptureSupport.Absent absent -> CaptureSockets.none(absent.why());
            case CaptureSupport.Native own -> new CaptureSetup().open(NATIVE);
            case CaptureSupport.Borrowed borrowed -> new CaptureSetup().open(BORROWED);
        };
    }

    /** The same in a namespace where an earlier agent did it. */
    static CaptureSockets again(CaptureSupport support) {
        if (support instanceof CaptureSupport.Absent absent) {
            return CaptureSockets.none(absent.why());
        }
        try {
            send(Netlink.openNetfilter(), NO_TABLE, "earlier table of direct attempts");
        } catch (KernelException e) {
            return CaptureSockets.none(String.valueOf(e.getMessage()));
        }
        return open(support);
    }

    private CaptureSockets open(byte[] table) {
        try {
            fds[0] = PacketQueue.open();
            fds[1] = bound(STREAM, CaptureTable.STREAM_PORT, true);
            fds[2] = bound(DATAGRAM, CaptureTable.NAMES_PORT, false);
            fds[3] = bound(STREAM, CaptureTable.NAMES_PORT, false);
            send(Netlink.openNetfilter(), table, "table of direct attempts");
            // Last: as long as packets have nowhere to go, nothing needs to be held.
            send(Netlink.openRoute(), ROUTE4, "route of direct attempts");
            send6();
            return new CaptureSockets(fds[0], fds[1], fds[2], fds[3], "");
        } catch (KernelException e) {
            for (int fd : fds) {
                Fd.close(fd);
            }
            return CaptureSockets.none(String.valueOf(e.getMessage()));
        }
    }

    /** Where there is no IPv6 there are no such packets either. */
    private static void send6() {
        try {
            send(Netlink.openRoute(), ROUTE6, "route of direct attempts by IPv6");
        } catch (KernelException e) {
            if (e.errno() != Errno.EAFNOSUPPORT && e.errno() != Errno.EOPNOTSUPP && e.errno() != Errno.EACCES) {
                throw e;
            }
        }
    }

    private static void send(int fd, byte[] messages, String what) {
        try {
            Netlink.transact(fd, messages, what);
        } finally {
            Fd.close(fd);
        }
    }

    private static int bound(int type, int port, boolean transparent) {
        int fd = (int) Native.check("capture socket", Sys.SOCKET, INET, type, 0);
        try (Memory m = new Memory()) {
            long one = m.allocate(4);
            Memory.putInt(one, 1);
            if (type == STREAM) {
                Native.check("capture socket option", Sys.SETSOCKOPT, fd, SOL_SOCKET, REUSE_ADDRESS, one, 4);
            }
            if (transparent) {
                Native.check("transparent socket", Sys.SETSOCKOPT, fd, 0, IP_TRANSPARENT, one, 4);
            }
            long address = m.allocate(SOCKADDR_BYTES);
            Memory.putShort(address, INET);
            Memory.putByte(address + 2, port >> 8);
            Memory.putByte(address + 3, port);
            Memory.put(address + 4, CaptureTable.OWN_ADDRESS, 0, 4);
            Native.check("bind capture socket", Sys.BIND, fd, address, SOCKADDR_BYTES);
            if (type == STREAM) {
                Native.check("listen on capture socket", Sys.LISTEN, fd, BACKLOG);
            }
            return fd;
        } catch (RuntimeException e) {
            Fd.close(fd);
            throw e;
        }
    }
}
