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

    /** The proxy's socket, unbound, belonging to this thread's network namespace. */
    public static int proxySocket() {
        return (int) Native.check("proxy socket", Sys.SOCKET, 2, STREAM_CLOEXEC_NONBLOCK, 0);
    }
}
