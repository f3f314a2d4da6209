package io.openshell.agent.launcher;

import io.openshell.agent.isolation.IsolationPlanner;
import io.openshell.agent.isolation.landlock.Landlock;
import io.openshell.agent.isolation.landlock.LandlockRights;
import io.openshell.agent.isolation.users.Standing;
import io.openshell.agent.isolation.users.UserNamespaceLimits;
import io.openshell.agent.linux.Errno;
import io.openshell.agent.linux.Native;
import io.openshell.model.isolation.LayerKind;
import io.openshell.model.isolation.LayerReport;
import java.io.IOException;
import java.util.List;
import java.util.Map;

/** What this machine allows. */
final class Preflight {
    // chown, kill, setgid, setuid, setpcap, net_admin, sys_chroot, sys_ptrace, sys_admin
    private static final long NEEDED = 1L | 1L << 5 | 1L << 6 | 1L << 7 | 1L << 8 | 1L << 12 | 1L << 18 | 1L << 19 | 1L << 21;

    private Preflight() {}

    static List<LayerReport> layers() {
        String blocker = blocker();
        return IsolationPlanner.ORDER.stream().map(kind -> {
            if (!blocker.isEmpty()) {
                return (LayerReport) new LayerReport.Absent(kind, blocker);
            }
            return kind == LayerKind.LANDLOCK ? landlock(Landlock.probe()) : new LayerReport.Enforced(kind, "available");
        }).toList();
    }

    private static LayerReport landlock(int abi) {
        if (abi > 0 && LandlockRights.gaps(abi).isEmpty()) {
            return new LayerReport.Enforced(LayerKind.LANDLOCK, "version " + abi);
        }
        if (abi > 0) {
            return new LayerReport.Weakened(LayerKind.LANDLOCK, "version " + abi + " cannot refuse: " + String.join(", ", LandlockRights.gaps(abi))
                    + "; Linux 6.10 can");
        }
        String why = abi == -Errno.ENOSYS ? "this kernel is built without Landlock; use Linux 5.13 or later with it"
                : abi == -Errno.EPERM ? "a filter around the agent refuses Landlock; allow its three calls"
                : "Landlock is off; add landlock to the lsm= boot parameter";
        return new LayerReport.Absent(LayerKind.LANDLOCK, why);
    }

    /** For an ordinary user's agent that is in no namespace of its own. */
    private static String withoutNamespace() {
        return "the gateway runs as an ordinary user, not as root, and has no user namespace: " + UserNamespaceLimits.ofMachine()
                .map(UserNamespaceLimits::sentence)
                .orElse("start it with `openshell gateway start`, which makes one, or run it as root");
    }

    private static String blocker() {
        try {
            if (!List.of("amd64", "aarch64").contains(System.getProperty("os.arch")) || !System.getProperty("os.name").equals("Linux")) {
                return "needs Linux on x86-64 or arm64";
            }
            Map<String, String> status = ProcFiles.status((int) ProcessHandle.current().pid());
            long effective = Long.parseUnsignedLong(status.getOrDefault("CapEff", "0"), 16);
            Standing standing = Standing.here();
            if (standing.kind() == Standing.Kind.ORDINARY) {
                return withoutNamespace();
            }
            if ((effective & NEEDED) != NEEDED) {
                return "the agent must run as root with SYS_ADMIN, NET_ADMIN, SYS_PTRACE, SYS_CHROOT, SETUID, SETGID, SETPCAP, CHOWN and KILL";
            }
            if (!status.containsKey("Seccomp")) {
                return "this kernel has no seccomp filters";
            }
            if (!Native.sixArgumentsArrive()) {
                return "the native binding loses arguments; start the JVM with -Djnr.ffi.x86asm.enabled=false";
            }
            return standing.inUserNamespace() ? NamespaceTrial.obstacle().orElse("") : "";
        } catch (IOException | RuntimeException | LinkageError e) {
            return "the kernel could not be asked: " + e;
        }
    }
}
