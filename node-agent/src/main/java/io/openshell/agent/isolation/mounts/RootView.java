package io.openshell.agent.isolation.mounts;

import io.openshell.agent.linux.Errno;
import io.openshell.agent.linux.Fd;
import io.openshell.agent.linux.KernelException;
import io.openshell.agent.linux.Memory;
import io.openshell.agent.linux.Mounts;
import io.openshell.agent.linux.Native;
import io.openshell.agent.linux.Sys;
import java.util.List;

/** Builds the root view on the calling thread, which must already be in a mount namespace of its own. */
public final class RootView {
    private static final int AT_RECURSIVE = 0x8000;
    private static final int ATTR_BYTES = 32;
    private static final int BUSY_TRIES = 500;
    private static final long BUSY_PAUSE_MILLIS = 2;
    private static final int REMOVEDIR = 0x200;
    private static final int REGULAR_FILE = 0100644;
    private final String root;
    private final Runnable procFallback;
    private final int initPid;

    /**
     * @param root host directory the view is built on
     * @param initPid the sandbox's PID 1 as the agent sees it
     * @param procFallback mounts proc from a child where the kernel cannot name another PID namespace
     */
    public RootView(String root, int initPid, Runnable procFallback) {
        this.root = root;
        this.initPid = initPid;
        this.procFallback = procFallback;
    }

    /** Performs the steps and makes the view the root of this namespace. */
    public void build(List<MountStep> steps) {
        Mounts.mount("none", "/", "", Mounts.REC | Mounts.PRIVATE, "");
        Mounts.mount("tmpfs", root, "tmpfs", Mounts.NOSUID | Mounts.NODEV, "mode=755,size=16m");
        for (MountStep step : steps) {
            perform(step);
        }
        pivot();
    }

    /** Performs steps in the view that the calling thread's namespace has already. */
    static void change(List<MountStep> steps) {
        RootView here = new RootView("", 0, () -> {});
        steps.forEach(here::perform);
    }

    private void perform(MountStep step) {
        if (step instanceof MountStep.Directory d) {
            tolerateExisting("directory " + d.target(), at(Sys.MKDIRAT, d.target(), 0755));
        } else if (step instanceof MountStep.Link l) {
            link(l);
        } else if (step instanceof MountStep.Bind b) {
            bind(b);
        } else if (step instanceof MountStep.Restrict r) {
            restrict(r);
        } else if (step instanceof MountStep.Fresh f) {
            long flags = Mounts.NOSUID | (f.noDevices() ? Mounts.NODEV : 0) | (f.noExec() ? Mounts.NOEXEC : 0);
            Mounts.mount(f.type(), root + f.target(), f.type(), flags, f.options());
        } else if (step instanceof MountStep.ReadOnlyInPlace r) {
            Mounts.mount(root + r.target(), root + r.target(), "", Mounts.BIND | Mounts.REC, "");
            restrict(new MountStep.Restrict(r.target(), true, true));
        } else if (step instanceof MountStep.Proc) {
            proc();
        }
    }

    private void link(MountStep.Link l) {
        try (Memory m = new Memory()) {
            Native.check("link " + l.target(), Sys.SYMLINKAT, m.text(l.to()), Fd.CWD, m.text(root + l.target()));
        }
    }

    private void bind(MountStep.Bind b) {
        if (b.createFile()) {
            // Without a descriptor, which a program started at this moment by another thread could hold for a while.
            tolerateExisting("file " + b.target(), at(Sys.MKNODAT, b.target(), REGULAR_FILE));
        }
        Mounts.mount(b.host(), root + b.target(), "", Mounts.BIND | Mounts.REC, "");
    }

    private void restrict(MountStep.Restrict r) {
        try (Memory m = new Memory()) {
            long attr = m.allocate(32);
            Memory.putLong(attr, Mounts.NOSUID | (r.readOnly() ? 1 : 0) | (r.noDevices() ? Mounts.NODEV : 0));
            setAttributes("restrict " + r.target(), m.text(root + r.target()), AT_RECURSIVE, attr);
        }
    }

    /** A mount is busy while anybody in it writes, be it the access time of a link: PID 1 starts its program meanwhile. */
    private static void setAttributes(String what, long path, int flags, long attr) {
        long result = -Errno.EBUSY;
        for (int i = 0; i < BUSY_TRIES && result == -Errno.EBUSY; i++) {
            if (i > 0) {
                Fd.poll(new int[] {-1}, new int[] {0}, BUSY_PAUSE_MILLIS);
            }
            result = Native.call(Sys.MOUNT_SETATTR, Fd.CWD, path, flags, attr, ATTR_BYTES);
        }
        if (result < 0) {
            throw new KernelException(what, (int) -result);
        }
    }

    private void proc() {
        try {
            Mounts.mount("proc", root + "/proc", "proc", Mounts.NOSUID | Mounts.NODEV | Mounts.NOEXEC, "pidns=/proc/" + initPid + "/ns/pid");
        } catch (KernelException e) {
            if (e.errno() != Errno.EINVAL) {
                throw e;
            }
            procFallback.run();
        }
    }

    private void pivot() {
        tolerateExisting("directory", at(Sys.MKDIRAT, "/.old", 0700));
        try (Memory m = new Memory()) {
            Native.check("chdir", Sys.CHDIR, m.text(root));
            Native.check("pivot_root", Sys.PIVOT_ROOT, m.text("."), m.text(".old"));
            Native.check("chdir", Sys.CHDIR, m.text("/"));
            Mounts.detach("/.old");
            Native.check("remove old root", Sys.UNLINKAT, Fd.CWD, m.text("/.old"), REMOVEDIR);
            long attr = m.allocate(32);
            // Device nodes keep the options of the host's mount they came from.
            Memory.putLong(attr, Mounts.NOSUID);
            setAttributes("no set-user-id anywhere", m.text("/"), AT_RECURSIVE, attr);
            Memory.putLong(attr, Mounts.NOSUID | Mounts.NODEV | 1);
            setAttributes("read-only root", m.text("/"), 0, attr);
            Memory.putLong(attr, Mounts.NOSUID | 1);
            setAttributes("read-only /dev", m.text("/dev"), 0, attr);
        }
    }

    private long at(int call, String target, int mode) {
        try (Memory m = new Memory()) {
            return Native.call(call, Fd.CWD, m.text(root + target), mode, 0);
        }
    }

    private static void tolerateExisting(String what, long result) {
        if (result < 0 && result != -Errno.EEXIST) {
            throw new KernelException(what, (int) -result);
        }
    }
}
