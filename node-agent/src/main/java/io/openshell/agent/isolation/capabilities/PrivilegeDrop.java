package io.openshell.agent.isolation.capabilities;

import io.openshell.agent.isolation.users.Standing;
import io.openshell.agent.linux.Errno;
import io.openshell.agent.linux.KernelException;
import io.openshell.agent.linux.Memory;
import io.openshell.agent.linux.Native;
import io.openshell.agent.linux.Sys;

/** Gives up every privilege of the calling thread. Raw calls, because the C library would change all threads of the agent. */
public final class PrivilegeDrop {
    private static final int SET_NO_NEW_PRIVS = 38;
    private static final int CAPBSET_DROP = 24;
    private static final int CAP_AMBIENT = 47;
    private static final int CLEAR_ALL = 4;
    private static final int CAPABILITY_VERSION_3 = 0x20080522;

    private PrivilegeDrop() {}

    /**
     * Empties groups, capabilities and ids, in the order that leaves no way back. Where the kernel forbids an ordinary user to give up groups
     * (they may be what keeps somebody out of a file), these stay, which {@link Standing} tells.
     */
    public static void apply(int uid) {
        if (!Standing.here().groupsStay()) {
            Native.check("setgroups", Sys.SETGROUPS, 0, 0);
        }
        Native.check("setresgid", Sys.SETRESGID, uid, uid, uid);
        dropBoundingSet();
        Native.check("ambient capabilities", Sys.PRCTL, CAP_AMBIENT, CLEAR_ALL, 0, 0, 0);
        Native.check("setresuid", Sys.SETRESUID, uid, uid, uid);
        clearCapabilities();
        if (Native.call(Sys.SETRESUID, 0, 0, 0) == 0) {
            throw new KernelException("root could be regained", Errno.EPERM);
        }
    }

    /** From here on no program gains privileges by being executed. */
    public static void noNewPrivileges() {
        Native.check("no_new_privs", Sys.PRCTL, SET_NO_NEW_PRIVS, 1, 0, 0, 0);
    }

    private static void dropBoundingSet() {
        for (int capability = 0; capability < 64; capability++) {
            long r = Native.call(Sys.PRCTL, CAPBSET_DROP, capability, 0, 0, 0);
            if (r == -Errno.EINVAL) {
                return; // past the last one this kernel knows
            }
            if (r < 0) {
                throw new KernelException("bounding set", (int) -r);
            }
        }
    }

    private static void clearCapabilities() {
        try (Memory m = new Memory()) {
            long header = m.allocate(8);
            Memory.putInt(header, CAPABILITY_VERSION_3);
            Native.check("capset", Sys.CAPSET, header, m.allocate(24));
        }
    }
}
