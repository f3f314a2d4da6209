package io.openshell.agent.isolation.seccomp;

import static io.openshell.agent.linux.Errno.ENOSYS;
import static io.openshell.agent.linux.Errno.EPERM;

import java.util.ArrayList;
import java.util.List;

/** The refusals as data. Socket families and {@code personality} have shapes of their own and are in the compiler. */
public final class SeccompPolicy {
    /** Calls numbered above this have not been reviewed and do not exist for the workload. */
    public static final int LAST_REVIEWED = 467;
    /** Every CLONE_NEW* flag. */
    static final long NEW_NAMESPACES = 0x7E020080L;

    private SeccompPolicy() {}

    /** All refusals, in order. */
    public static List<FilterRule> rules() {
        List<FilterRule> r = new ArrayList<>();
        refuse(r, ENOSYS, "its flags are in memory where a filter cannot look; callers fall back to clone", "clone3");
        refuse(r, ENOSYS, "does work in the kernel outside the filter's sight", "io_uring_setup", "io_uring_enter", "io_uring_register");
        refuse(r, EPERM, "reads or changes other processes", "ptrace", "process_vm_readv", "process_vm_writev", "kcmp",
                "pidfd_getfd", "process_madvise");
        refuse(r, EPERM, "large kernel attack surface", "bpf", "perf_event_open", "userfaultfd");
        refuse(r, EPERM, "keyrings are not separated by namespaces", "add_key", "request_key", "keyctl");
        refuse(r, EPERM, "changes the kernel", "init_module", "finit_module", "delete_module", "kexec_load", "kexec_file_load", "reboot");
        refuse(r, EPERM, "changes the file view", "mount", "umount2", "pivot_root", "chroot", "fsopen", "fsconfig", "fsmount", "fspick",
                "move_mount", "open_tree", "open_tree_attr", "mount_setattr", "statmount", "listmount");
        refuse(r, EPERM, "enters other namespaces", "setns");
        refuse(r, EPERM, "opens files past the path rules", "name_to_handle_at", "open_by_handle_at", "lookup_dcookie", "fanotify_init");
        refuse(r, EPERM, "changes the machine", "swapon", "swapoff", "acct", "quotactl", "quotactl_fd", "syslog", "settimeofday",
                "clock_settime", "clock_adjtime", "adjtimex", "sethostname", "setdomainname", "vhangup");
        refuse(r, EPERM, "hardware and legacy entry points", "iopl", "ioperm", "modify_ldt", "uselib");
        refuse(r, EPERM, "moves memory of other processes", "migrate_pages", "move_pages");
        r.add(new FilterRule.AnyBit("unshare", 0, NEW_NAMESPACES, EPERM, "a new user namespace gives capabilities back"));
        r.add(new FilterRule.AnyBit("clone", 0, NEW_NAMESPACES, EPERM, "a new user namespace gives capabilities back"));
        r.add(new FilterRule.Equal("ioctl", 1, 0x5412, EPERM, "TIOCSTI types into another session's terminal"));
        r.add(new FilterRule.Equal("ioctl", 1, 0x541C, EPERM, "TIOCLINUX pastes into a console"));
        return List.copyOf(r);
    }

    private static void refuse(List<FilterRule> to, int errno, String reason, String... calls) {
        for (String call : calls) {
            to.add(new FilterRule.Always(call, errno, reason));
        }
    }
}
