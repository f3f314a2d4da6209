package io.openshell.agent.doctor;

import io.openshell.agent.capture.CaptureSupport;
import io.openshell.agent.isolation.landlock.LandlockRights;
import io.openshell.agent.isolation.users.Standing;
import io.openshell.agent.isolation.users.UserNamespaceLimits;
import io.openshell.agent.linux.Errno;
import io.openshell.model.isolation.LayerReport;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/** Judges what a host offers. Pure. */
final class Checkup {
    private static final String NO_SANDBOX = "no sandbox can run";
    private static final Set<String> NAMESPACES = Set.of("mnt", "pid", "net", "ipc", "uts");
    private final Machine machine;
    private final List<Finding> findings = new ArrayList<>();

    private Checkup(Machine machine) {
        this.machine = machine;
    }

    /** One finding per layer, the ones everything depends on first. */
    static List<Finding> of(Machine machine) {
        Checkup checkup = new Checkup(machine);
        checkup.platform();
        checkup.privileges();
        checkup.namespaces();
        checkup.mounts();
        checkup.landlock();
        checkup.seccomp();
        checkup.programs();
        checkup.resources();
        checkup.workspaces();
        checkup.direct();
        checkup.images();
        checkup.users();
        return List.copyOf(checkup.findings);
    }

    private void platform() {
        boolean known = machine.platform().equals("Linux amd64") || machine.platform().equals("Linux aarch64");
        findings.add(known ? Finding.ok("platform", machine.platform() + ", kernel " + machine.kernel())
                : Finding.missing("platform", machine.platform(), NO_SANDBOX, "use Linux on x86-64 or arm64"));
    }

    private void privileges() {
        if (machine.standing().kind() == Standing.Kind.ORDINARY) {
            findings.add(Finding.missing("privileges", "ordinary user without a user namespace", NO_SANDBOX, machine.userNamespaces()
                    .map(UserNamespaceLimits::remedy).orElse("let a security module allow them (see the kernel's log), or run the gateway as root")));
        } else if (machine.standing().sharesOwnId()) {
            findings.add(Finding.weak("privileges", "ordinary user in a user namespace without sub-ids",
                    "every sandbox has your own user id, and your groups stay: your files are kept from them by mounts and Landlock alone",
                    "as root: usermod --add-subuids 100000-165535 --add-subgids 100000-165535 YOU (a range nobody else has); install uidmap, and"
                            + " util-linux 2.38 or later"));
        } else if (machine.standing().inUserNamespace()) {
            findings.add(Finding.ok("privileges", "ordinary user in a user namespace with " + machine.standing().count() + " sub-ids"));
        } else if (!machine.lackingCapabilities().isEmpty()) {
            findings.add(Finding.missing("privileges", "root without " + String.join(", ", machine.lackingCapabilities()), NO_SANDBOX,
                    "give these capabilities to the gateway's process (or to the container it runs in)"));
        } else {
            findings.add(Finding.ok("privileges", "root with every capability needed"));
        }
    }

    private void namespaces() {
        Set<String> lacking = new TreeSet<>(NAMESPACES);
        lacking.removeAll(machine.namespaces());
        findings.add(lacking.isEmpty() ? Finding.ok("namespaces", "mount, pid, network, ipc, uts")
                : Finding.missing("namespaces", "without " + String.join(", ", lacking), NO_SANDBOX, "use a kernel built with namespaces"));
    }

    private void mounts() {
        findings.add(machine.mountAttributes() ? Finding.ok("mounts", "recursive read-only mounts")
                : Finding.missing("mounts", "no mount_setattr", NO_SANDBOX, "use Linux 5.12 or later"));
    }

    private void landlock() {
        int abi = machine.landlock();
        List<String> gaps = LandlockRights.gaps(abi);
        if (abi > 0 && gaps.isEmpty()) {
            findings.add(Finding.ok("landlock", "version " + abi + ": " + LandlockRights.describe(abi)));
        } else if (abi > 0) {
            findings.add(Finding.weak("landlock", "version " + abi, "it cannot refuse: " + String.join("; ", gaps)
                    + (LandlockRights.keepsFilePromises(abi) ? "" : "; policies with hard_requirement are refused"), "use Linux 6.10 or later"));
        } else {
            String remedy = abi == -Errno.ENOSYS ? "use a kernel built with Landlock (Linux 5.13 or later)"
                    : abi == -Errno.EPERM ? "let the filter around this process allow the landlock calls"
                    : "add landlock to the lsm= boot parameter";
            findings.add(Finding.weak("landlock", Errno.name(-abi), "only policies that say best_effort run, held by mounts alone", remedy));
        }
    }

    private void seccomp() {
        boolean filters = machine.seccompActions().containsAll(Set.of("errno", "kill_process", "allow"));
        findings.add(filters ? Finding.ok("seccomp", "filters that answer with errors or end the process")
                : Finding.missing("seccomp", "no filters", NO_SANDBOX, "use a kernel built with seccomp filters (Linux 4.14 or later)"));
    }

    private void programs() {
        findings.add(machine.lackingPrograms().isEmpty() ? Finding.ok("programs", "what a sandbox starts with is there")
                : Finding.missing("programs", "without " + String.join(", ", machine.lackingPrograms()), NO_SANDBOX,
                        "install them (Debian, Ubuntu: apt-get install coreutils)"));
    }

    private void resources() {
        String remedy = machine.standing().inUserNamespace() ? "nothing, unless limits are wanted: then run the gateway as root" : "mount cgroup2 at /sys/fs/cgroup with these controllers (cgroup.subtree_control, cgroup_enable= at boot)";
        findings.add(switch (machine.shares()) {
            case LayerReport.Enforced e -> Finding.ok("resources", e.detail());
            case LayerReport.Weakened w -> Finding.weak("resources", w.missing(), "these cannot be limited per sandbox", remedy);
            case LayerReport.Absent a -> Finding.weak("resources", a.why(), "nothing can be limited per sandbox", remedy);
        });
    }

    private void workspaces() {
        String remedy = machine.standing().inUserNamespace() ? "nothing, unless --disk is to hold for workspaces: then run the gateway as root"
                : "let the gateway, as root, use /dev/loop-control and /dev/loop*, and install e2fsprogs";
        findings.add(machine.noWorkspaceSize().map(why -> Finding.weak("workspace size", why,
                        "--disk bounds /tmp alone; a workspace takes what the host's file system has", remedy))
                .orElseGet(() -> Finding.ok("workspace size", "file systems of a given size on loop devices (--disk)")));
    }

    private void direct() {
        findings.add(switch (machine.direct()) {
            case CaptureSupport.Native own -> Finding.ok("direct attempts", "nf_tables with queues: recorded with their program");
            case CaptureSupport.Borrowed older -> Finding.ok("direct attempts", "nf_tables with queues of x_tables: recorded with their program");
            case CaptureSupport.Absent a -> Finding.weak("direct attempts", a.why(),
                    "attempts to go around the proxy fail without being recorded; endpoints with `protocol: tcp` are reached through the proxy only",
                    "use a kernel with nf_tables, nft_queue (or nft_compat and xt_NFQUEUE) and nft_tproxy");
        });
    }

    private void images() {
        findings.add(machine.containerEngine().isEmpty()
                ? Finding.weak("images", "no container engine", "sandboxes show this host's programs or a file tree, no container images",
                        "nothing, unless images are wanted: then install and start Docker")
                : machine.standing().inUserNamespace()
                ? Finding.weak("images", "container engine at " + machine.containerEngine(), "container images need a gateway that runs as root",
                        "nothing, unless images are wanted: then run the gateway as root")
                : Finding.ok("images", "container engine at " + machine.containerEngine()));
    }

    private void users() {
        if (machine.standing().inUserNamespace()) {
            findings.add(Finding.ok("user namespaces", "in use: sandboxes run in this user's"));
            return;
        }
        boolean root = machine.standing().kind() == Standing.Kind.ROOT;
        findings.add(machine.userNamespaces().map(limits -> Finding.weak("user namespaces", limits.why(),
                        root ? "nothing with root; no sandbox runs for other users" : NO_SANDBOX, limits.remedy()))
                .orElseGet(() -> root ? Finding.ok("user namespaces", "ordinary users may make them (not used with root)")
                        : Finding.weak("user namespaces", "no setting forbids them, and yet there is none", NO_SANDBOX,
                                "let a security module allow them (see the kernel's log), or run the gateway as root")));
    }
}
