package io.openshell.agent.isolation.seccomp;

import static io.openshell.agent.isolation.seccomp.ArgumentCondition.among;
import static io.openshell.agent.isolation.seccomp.ArgumentCondition.anyBit;
import static io.openshell.agent.isolation.seccomp.ArgumentCondition.noneOf;
import static io.openshell.agent.linux.Errno.EAFNOSUPPORT;
import static io.openshell.agent.linux.Errno.ENOSYS;
import static io.openshell.agent.linux.Errno.EPERM;
import static io.openshell.agent.linux.Errno.EPROTONOSUPPORT;

import java.util.ArrayList;
import java.util.List;

/**
 * The filter as data: what a workload may ask of the kernel, and why. Whatever stands in no entry does not exist for it, so a call that a
 * newer kernel brings is not reachable before somebody has looked at it.
 */
public final class SeccompPolicy {
    /** Every CLONE_NEW* flag. */
    static final long NEW_NAMESPACES = 0x7E020080L;
    private static final long UNIX = 1;
    private static final long INET = 2;
    private static final long INET6 = 10;
    private static final long NETLINK = 16;
    private static final long SOCKET_TYPE = 0xf;
    private static final long RAW = 3;
    private static final long TCP = 6;
    private static final long UDP = 17;
    private static final long FILE_TYPE = 0xF000;
    private static final long CHARACTER_DEVICE = 0x2000;
    private static final long BLOCK_DEVICE = 0x6000;
    private static final long TIOCSTI = 0x5412;
    private static final long TIOCLINUX = 0x541C;
    private static final List<FilterEntry> ENTRIES = entriesInOrder();

    private SeccompPolicy() {}

    /** All entries. */
    public static List<FilterEntry> entries() {
        return ENTRIES;
    }

    private static List<FilterEntry> entriesInOrder() {
        List<FilterEntry> e = new ArrayList<>();
        hidden(e);
        refused(e);
        conditions(e);
        AllowedCalls.BY_REASON.forEach((reason, calls) -> {
            for (String call : calls.split("\\s+")) {
                e.add(new FilterEntry(call, new FilterEntry.Action.Allow(), List.of(), reason));
            }
        });
        return List.copyOf(e);
    }

    private static void hidden(List<FilterEntry> e) {
        refuse(e, ENOSYS, "its flags are in memory where a filter cannot look; callers fall back to clone", "clone3");
        refuse(e, ENOSYS, "does work in the kernel out of the filter's sight", "io_uring_setup io_uring_enter io_uring_register");
    }

    private static void refused(List<FilterEntry> e) {
        refuse(e, EPERM, "reads or changes other processes",
                "ptrace process_vm_readv process_vm_writev kcmp pidfd_getfd process_madvise migrate_pages move_pages");
        refuse(e, EPERM, "large attack surface of the kernel", "bpf perf_event_open userfaultfd");
        refuse(e, EPERM, "keyrings are not separated by namespaces", "add_key request_key keyctl");
        refuse(e, EPERM, "changes the kernel", "init_module finit_module delete_module kexec_load kexec_file_load reboot");
        refuse(e, EPERM, "changes the view of the files", "mount umount2 pivot_root chroot fsopen fsconfig fsmount fspick move_mount open_tree"
                + " open_tree_attr mount_setattr");
        refuse(e, EPERM, "enters other namespaces", "setns");
        refuse(e, EPERM, "opens files past the path rules", "name_to_handle_at open_by_handle_at lookup_dcookie fanotify_init");
        refuse(e, EPERM, "changes the machine", "swapon swapoff acct quotactl quotactl_fd syslog settimeofday clock_settime clock_adjtime"
                + " adjtimex sethostname setdomainname vhangup");
        refuse(e, EPERM, "hardware and old entry points", "iopl ioperm modify_ldt");
    }

    private static void conditions(List<FilterEntry> e) {
        for (String call : List.of("unshare", "clone")) {
            refuseWhen(e, call, EPERM, "a new user namespace gives capabilities back", anyBit(0, NEW_NAMESPACES));
        }
        refuseWhen(e, "ioctl", EPERM, "TIOCSTI types into another session's terminal, TIOCLINUX pastes into a console",
                among(1, TIOCSTI, TIOCLINUX));
        refuseWhen(e, "personality", EPERM, "other personalities bring back behaviour that hardening took away",
                noneOf(0, 0L, 8L, 0x20000L, 0x20008L, 0xffffffffL));
        refuseWhen(e, "mknod", EPERM, "a device node would be a way to the device", among(1, CHARACTER_DEVICE, BLOCK_DEVICE).masked(FILE_TYPE));
        refuseWhen(e, "mknodat", EPERM, "a device node would be a way to the device",
                among(2, CHARACTER_DEVICE, BLOCK_DEVICE).masked(FILE_TYPE));
        refuseWhen(e, "socket", EAFNOSUPPORT, "other families reach hardware, the hypervisor, the kernel's ciphers or other machines",
                noneOf(0, UNIX, INET, INET6, NETLINK));
        refuseWhen(e, "socket", EPERM, "of netlink only routes, which runtimes ask for their addresses", among(0, NETLINK), noneOf(2, 0L));
        refuseWhen(e, "socket", EPERM, "raw sockets make and see packets of others", among(0, INET, INET6), among(1, RAW).masked(SOCKET_TYPE));
        refuseWhen(e, "socket", EPROTONOSUPPORT, "the proxy sees TCP, and UDP has nowhere to go; other protocols are only attack surface",
                among(0, INET, INET6), noneOf(2, 0L, TCP, UDP));
        refuseWhen(e, "socketpair", EAFNOSUPPORT, "pairs exist for local sockets", noneOf(0, UNIX));
    }

    private static void refuseWhen(List<FilterEntry> to, String call, int errno, String reason, ArgumentCondition... when) {
        to.add(new FilterEntry(call, new FilterEntry.Action.Refuse(errno), List.of(when), reason));
    }

    private static void refuse(List<FilterEntry> to, int errno, String reason, String calls) {
        for (String call : calls.split(" ")) {
            refuseWhen(to, call, errno, reason);
        }
    }
}
