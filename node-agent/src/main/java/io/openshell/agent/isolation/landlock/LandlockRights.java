package io.openshell.agent.isolation.landlock;

import io.openshell.model.isolation.LayerKind;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;

/** Rights by Landlock version. Pure. */
public final class LandlockRights {
    static final long EXECUTE = 1;
    static final long WRITE_FILE = 1 << 1;
    static final long READ_FILE = 1 << 2;
    static final long READ_DIR = 1 << 3;
    static final long MAKE_CHAR = 1 << 6;
    static final long MAKE_BLOCK = 1 << 11;
    static final long REFER = 1 << 13;
    static final long TRUNCATE = 1 << 14;
    static final long IOCTL_DEV = 1 << 15;
    static final long RESOLVE_UNIX = 1 << 16;
    static final long ABSTRACT_SOCKETS = 1;
    static final long SIGNALS = 1 << 1;
    private static final long VERSION_ONE = (1 << 13) - 1;
    private static final long FOR_FILES = EXECUTE | WRITE_FILE | READ_FILE | TRUNCATE | IOCTL_DEV | RESOLVE_UNIX;
    private static final int WITH_TRUNCATE = 3;
    private static final int WITH_TCP = 4;
    private static final int WITH_DEVICE_IOCTL = 5;
    private static final int WITH_SCOPES = 6;
    private static final int WITH_SOCKET_PATHS = 9;

    private LandlockRights() {}

    /** Every file right that version {@code abi} can refuse. */
    public static long handled(int abi) {
        long rights = abi >= 1 ? VERSION_ONE : 0;
        rights |= abi >= 2 ? REFER : 0;
        rights |= abi >= WITH_TRUNCATE ? TRUNCATE : 0;
        rights |= abi >= WITH_DEVICE_IOCTL ? IOCTL_DEV : 0;
        rights |= abi >= WITH_SOCKET_PATHS ? RESOLVE_UNIX : 0;
        return rights;
    }

    /**
     * Scopes that version {@code abi} has to impose on a sandbox with these layers: none on what a namespace of its own keeps inside
     * already, since a scope would hold between the sandbox's sessions as well, each of which is a domain of its own.
     */
    public static long scopes(int abi, Collection<LayerKind> layers) {
        if (abi < WITH_SCOPES) {
            return 0;
        }
        return (layers.contains(LayerKind.NETWORK_NAMESPACE) ? 0 : ABSTRACT_SOCKETS) | (layers.contains(LayerKind.PID_NAMESPACE) ? 0 : SIGNALS);
    }

    /**
     * TCP rights (bind, connect) that version {@code abi} can refuse. A sandbox with a network namespace of its own does not use them:
     * there is nothing but loopback in it, and the servers a program starts for itself may have any port.
     */
    public static long tcp(int abi) {
        return abi >= WITH_TCP ? 3 : 0;
    }

    /** What a rule grants beneath a path; device nodes can never be made. */
    public static long granted(int abi, boolean writable, boolean directory) {
        long rights = writable ? handled(abi) & ~(MAKE_CHAR | MAKE_BLOCK) : EXECUTE | READ_FILE | READ_DIR;
        return (directory ? rights : rights & FOR_FILES) & handled(abi);
    }

    /** Whether every file promise of a policy can be kept; what a hard requirement asks for. */
    public static boolean keepsFilePromises(int abi) {
        return abi >= WITH_TRUNCATE;
    }

    /** What version {@code abi} cannot refuse although a newer one can, with the layer that still stands in its way. */
    public static List<String> gaps(int abi) {
        List<String> gaps = new ArrayList<>();
        if (abi < WITH_TRUNCATE) {
            gaps.add("truncate by name (read-only mounts do)");
        }
        if (abi < WITH_DEVICE_IOCTL) {
            gaps.add("ioctl on devices (the private /dev has harmless ones)");
        }
        return List.copyOf(gaps);
    }

    /** The file rights in force, as one line. */
    public static String describe(int abi) {
        return abi == 0 ? "none" : Long.bitCount(handled(abi)) + " file rights " + Long.toHexString(handled(abi))
                + (tcp(abi) == 0 ? "" : "; tcp left to the network namespace");
    }

    /** What keeps abstract sockets and signals inside, as one line. */
    public static String describeScopes(Collection<LayerKind> layers) {
        return "abstract sockets left to the " + (layers.contains(LayerKind.NETWORK_NAMESPACE) ? "network namespace" : "scope")
                + ", signals to the " + (layers.contains(LayerKind.PID_NAMESPACE) ? "pid namespace" : "scope");
    }
}
