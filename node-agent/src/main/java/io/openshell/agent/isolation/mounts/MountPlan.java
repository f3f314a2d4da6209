package io.openshell.agent.isolation.mounts;

import io.openshell.agent.isolation.FilesystemView;
import io.openshell.agent.runtime.TrustFiles;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/** Compiles the root view. Pure: what exists on the host is given. */
public final class MountPlan {
    private static final List<String> ROOT_LINKS = List.of("bin", "sbin", "lib", "lib32", "lib64");
    private static final List<String> DEVICES = List.of("null", "zero", "full", "random", "urandom", "tty");
    private static final List<String> MASKED_ETC = List.of("/etc/openshell", "/etc/ssl/private", "/etc/docker", "/etc/kubernetes", "/etc/rancher");
    private static final List<String> MASKED_PROC = List.of("kcore", "keys", "key-users", "timer_list", "timer_stats", "sched_debug",
            "kallsyms", "kmsg", "latency_stats");
    private static final List<String> HIDDEN_PROC = List.of("acpi", "asound", "scsi");
    private static final List<String> READ_ONLY_PROC = List.of("sys", "bus", "irq", "fs", "sysrq-trigger");
    private static final List<String> OWN_ETC = List.of("passwd", "group", "hosts", "resolv.conf", "hostname");
    private final List<MountStep> steps = new ArrayList<>();
    private final HostFacts host;

    private MountPlan(HostFacts host) {
        this.host = host;
    }

    /**
     * The steps in order.
     *
     * @param generated host directory with the sandbox's own /etc files
     * @param workspace host directory shown at /sandbox
     */
    public static List<MountStep> compile(FilesystemView view, HostFacts host, String generated, String workspace) {
        MountPlan p = new MountPlan(host);
        p.system(generated);
        p.trust(generated);
        p.devices();
        p.steps.add(new MountStep.Directory("/tmp"));
        p.steps.add(new MountStep.Fresh("tmpfs", "/tmp", "mode=1777,size=1g", true, false));
        p.steps.add(new MountStep.Directory("/sandbox"));
        p.steps.add(new MountStep.Bind(workspace, "/sandbox", false));
        p.steps.add(new MountStep.Restrict("/sandbox", false, true));
        p.exposed(view);
        p.protectedInside(view, workspace);
        p.proc();
        return List.copyOf(p.steps);
    }

    /**
     * What a container engine's view of the files lacks: the parts of {@code /proc} that are hidden or read-only everywhere, and the
     * read-only paths inside the workspace.
     *
     * @param workspace host directory shown at /sandbox
     */
    public static List<MountStep> inContainer(FilesystemView view, HostFacts host, String workspace) {
        MountPlan p = new MountPlan(host);
        p.restrictProc();
        inWorkspace(view, host, workspace).forEach(path -> p.steps.add(new MountStep.ReadOnlyInPlace(path)));
        return List.copyOf(p.steps);
    }

    private void system(String generated) {
        readOnly("/usr");
        readOnly("/etc");
        for (String file : OWN_ETC) {
            if (host.isRegularFile("/etc/" + file)) {
                steps.add(new MountStep.Bind(generated + "/" + file, "/etc/" + file, false));
                steps.add(new MountStep.Restrict("/etc/" + file, true, true));
            }
        }
        for (String masked : MASKED_ETC) {
            if (host.isDirectory(masked)) {
                steps.add(new MountStep.Fresh("tmpfs", masked, "mode=000,size=4k,nr_inodes=2", true, true));
            }
        }
        for (String name : ROOT_LINKS) {
            String target = host.linkTarget("/" + name);
            if (!target.isEmpty()) {
                steps.add(new MountStep.Link("/" + name, target));
            } else if (host.isDirectory("/" + name)) {
                readOnly("/" + name);
            }
        }
    }

    private void trust(String generated) {
        parents(TrustFiles.DIRECTORY);
        steps.add(new MountStep.Directory(TrustFiles.DIRECTORY));
        steps.add(new MountStep.Bind(generated + "/openshell-tls", TrustFiles.DIRECTORY, false));
        steps.add(new MountStep.Restrict(TrustFiles.DIRECTORY, true, true));
    }

    private void devices() {
        steps.add(new MountStep.Directory("/dev"));
        steps.add(new MountStep.Fresh("tmpfs", "/dev", "mode=755,size=64k", false, true));
        for (String device : DEVICES) {
            steps.add(new MountStep.Bind("/dev/" + device, "/dev/" + device, true));
        }
        steps.add(new MountStep.Directory("/dev/pts"));
        steps.add(new MountStep.Fresh("devpts", "/dev/pts", "newinstance,mode=600,ptmxmode=666", false, true));
        steps.add(new MountStep.Link("/dev/ptmx", "pts/ptmx"));
        steps.add(new MountStep.Directory("/dev/shm"));
        steps.add(new MountStep.Fresh("tmpfs", "/dev/shm", "mode=1777,size=256m", true, true));
        steps.add(new MountStep.Link("/dev/fd", "/proc/self/fd"));
        steps.add(new MountStep.Link("/dev/stdin", "/proc/self/fd/0"));
        steps.add(new MountStep.Link("/dev/stdout", "/proc/self/fd/1"));
        steps.add(new MountStep.Link("/dev/stderr", "/proc/self/fd/2"));
    }

    /** Host paths the policy names and the operator exposes; parents before children, so that a stricter child lies on top. */
    private void exposed(FilesystemView view) {
        Set<String> paths = new TreeSet<>(view.readOnly());
        paths.addAll(view.readWrite());
        for (String path : paths) {
            if (host.exposed(path) && (host.isDirectory(path) || host.isRegularFile(path))) {
                parents(path);
                if (host.isDirectory(path)) {
                    steps.add(new MountStep.Directory(path));
                }
                steps.add(new MountStep.Bind(path, path, !host.isDirectory(path)));
                steps.add(new MountStep.Restrict(path, !view.readWrite().contains(path), true));
            }
        }
    }

    /** Landlock adds rights up, so a read-only path inside the workspace has to be a read-only mount. */
    private void protectedInside(FilesystemView view, String workspace) {
        inWorkspace(view, host, workspace).forEach(p -> {
            steps.add(new MountStep.Bind(workspace + p.substring("/sandbox".length()), p, false));
            steps.add(new MountStep.Restrict(p, true, true));
        });
    }

    private static List<String> inWorkspace(FilesystemView view, HostFacts host, String workspace) {
        return view.readOnly().stream().filter(p -> p.startsWith("/sandbox/") && host.exists(workspace + p.substring("/sandbox".length())))
                .sorted(Comparator.naturalOrder()).toList();
    }

    private void proc() {
        steps.add(new MountStep.Directory("/proc"));
        steps.add(new MountStep.Proc());
        restrictProc();
    }

    private void restrictProc() {
        for (String name : MASKED_PROC) {
            if (host.exists("/proc/" + name)) {
                steps.add(new MountStep.Bind("/dev/null", "/proc/" + name, false));
            }
        }
        for (String name : HIDDEN_PROC) {
            if (host.isDirectory("/proc/" + name)) {
                steps.add(new MountStep.Fresh("tmpfs", "/proc/" + name, "mode=000,size=4k,nr_inodes=2", true, true));
            }
        }
        for (String name : READ_ONLY_PROC) {
            if (host.exists("/proc/" + name)) {
                steps.add(new MountStep.ReadOnlyInPlace("/proc/" + name));
            }
        }
    }

    private void parents(String path) {
        Set<String> all = new LinkedHashSet<>();
        for (int slash = path.indexOf('/', 1); slash > 0; slash = path.indexOf('/', slash + 1)) {
            all.add(path.substring(0, slash));
        }
        all.forEach(p -> steps.add(new MountStep.Directory(p)));
    }

    private void readOnly(String path) {
        steps.add(new MountStep.Directory(path));
        steps.add(new MountStep.Bind(path, path, false));
        steps.add(new MountStep.Restrict(path, true, true));
    }
}
