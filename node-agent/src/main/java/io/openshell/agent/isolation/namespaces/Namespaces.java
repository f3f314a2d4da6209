package io.openshell.agent.isolation.namespaces;

import io.openshell.agent.linux.Fd;
import io.openshell.agent.linux.Memory;
import io.openshell.agent.linux.Native;
import io.openshell.agent.linux.Netlink;
import io.openshell.agent.linux.Sys;

/** Moves the calling thread into namespaces. */
public final class Namespaces {
    private static final int FS = 0x200;
    private static final int ALL = 0x20000 | 0x4000000 | 0x8000000 | 0x20000000 | 0x40000000;
    private static final byte[] PROXY_ADDRESS = {10, (byte) 200, 0, 1};
    private static final int PROXY_PORT = 3128;
    private static final int INET = 2;
    private static final int SOCKADDR_BYTES = 16;
    private static final int BACKLOG = 512;
    private static final int STREAM_CLOEXEC_NONBLOCK = 1 | 0x80000 | 0x800;

    private Namespaces() {}

    /** New mount, UTS, IPC, PID (for children) and network namespaces. */
    public static void create(String hostname) {
        Native.check("unshare", Sys.UNSHARE, FS | ALL);
        try (Memory m = new Memory()) {
            long name = m.text(hostname);
            Native.check("hostname", Sys.SETHOSTNAME, name, hostname.length());
        }
    }

    /** The namespaces of the process behind the handle, all in one call. */
    public static void enter(int handle) {
        // a thread that shares its root directory with others may not change mount namespace
        Native.check("unshare", Sys.UNSHARE, FS);
        Native.check("setns", Sys.SETNS, handle, ALL);
    }

    /** Loopback with the proxy's address: the only interface there is. */
    public static void network() {
        int route = Netlink.openRoute();
        try {
            Netlink.loopbackUp(route);
            Netlink.loopbackAddress(route, PROXY_ADDRESS);
        } finally {
            Fd.close(route);
        }
    }

    /**
     * The proxy's socket in this thread's network namespace. It listens already, so that the first connection of a program
     * waits in its backlog instead of being refused before the proxy has taken the socket over.
     */
    public static int proxySocket() {
        int fd = (int) Native.check("proxy socket", Sys.SOCKET, INET, STREAM_CLOEXEC_NONBLOCK, 0);
        try (Memory m = new Memory()) {
            long address = m.allocate(SOCKADDR_BYTES);
            Memory.putShort(address, INET);
            Memory.putByte(address + 2, PROXY_PORT >> 8);
            Memory.putByte(address + 3, PROXY_PORT);
            Memory.put(address + 4, PROXY_ADDRESS, 0, PROXY_ADDRESS.length);
            Native.check("bind proxy socket", Sys.BIND, fd, address, SOCKADDR_BYTES);
            Native.check("listen on proxy socket", Sys.LISTEN, fd, BACKLOG);
            return fd;
        } catch (RuntimeException e) {
            Fd.close(fd);
            throw e;
        }
    }
}
