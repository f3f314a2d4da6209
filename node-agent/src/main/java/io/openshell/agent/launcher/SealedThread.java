package io.openshell.agent.launcher;

import io.openshell.agent.capture.CaptureSetup;
import io.openshell.agent.capture.CaptureSockets;
import io.openshell.agent.capture.CaptureSupport;
import io.openshell.agent.isolation.IsolationPlan;
import io.openshell.agent.isolation.IsolationPlanner;
import io.openshell.agent.isolation.capabilities.PrivilegeDrop;
import io.openshell.agent.isolation.landlock.Landlock;
import io.openshell.agent.isolation.landlock.LandlockRights;
import io.openshell.agent.isolation.mounts.ContainerView;
import io.openshell.agent.isolation.mounts.RootView;
import io.openshell.agent.isolation.namespaces.Namespaces;
import io.openshell.agent.isolation.seccomp.SeccompFilter;
import io.openshell.agent.linux.Fd;
import io.openshell.agent.linux.KernelException;
import io.openshell.agent.linux.Memory;
import io.openshell.agent.linux.Native;
import io.openshell.agent.linux.Netlink;
import io.openshell.agent.linux.Processes;
import io.openshell.agent.linux.Spawn;
import io.openshell.agent.linux.Sys;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * The throwaway thread that puts the layers on itself and starts the workload, which inherits them; then it ends. Everything it runs is
 * loaded beforehand ({@link Preload}), and it starts no thread, writes no log line and opens no Java file.
 */
final class SealedThread implements Runnable {
    /** The step in which listed paths are opened. */
    static final String LANDLOCK = "landlock";

    private static final String SHELL = "/bin/sh";
    private static final int STACK_BYTES = 512 * 1024;
    private static final long DEADLINE_MILLIS = 20_000;
    private static final long INIT_MILLIS = 5_000;
    private final IsolationPlan plan;
    private final SeccompFilter filter;
    private final Child child;
    private final @Nullable Spawn init;
    private final int enter;
    private final String root;
    private final long scopes;
    private boolean furnish;
    private List<String> joined = List.of();
    private boolean foreignRoot;
    private CaptureSupport capturing = new CaptureSupport.Absent("nobody asked for it");
    volatile String stage = "start";
    volatile @Nullable Throwable failure;
    volatile int initPid = -1;
    volatile int proxyFd = -1;
    volatile int diagFd = -1;
    volatile CaptureSockets capture = CaptureSockets.none("it was not come to");
    volatile int terminalFd = -1;
    volatile int pid = -1;
    private volatile Landlock.@Nullable Applied landlock;

    private SealedThread(IsolationPlan plan, SeccompFilter filter, Child child, @Nullable Spawn init, int enter, String root) {
        this.plan = plan;
        this.scopes = LandlockRights.scopes(plan.landlockAbi(), plan.order());
        this.filter = filter;
        this.child = child;
        this.init = init;
        this.enter = enter;
        this.root = root;
    }

    /** A new sandbox with its PID 1, the view built on host directory {@code root}. */
    static SealedThread creating(IsolationPlan plan, SeccompFilter filter, Child child, Spawn init, String root) {
        return new SealedThread(plan, filter, child, init, -1, root);
    }

    /** Another process in the sandbox whose PID 1 is behind the handle. */
    static SealedThread entering(IsolationPlan plan, SeccompFilter filter, Child child, int handle) {
        return new SealedThread(plan, filter, child, null, handle, "");
    }

    /** The first process in namespaces that somebody else made: they get the way out as well. */
    static SealedThread inhabiting(IsolationPlan plan, SeccompFilter filter, Child child, int handle) {
        SealedThread thread = new SealedThread(plan, filter, child, null, handle, "");
        thread.furnish = true;
        return thread;
    }

    /** Has the thread, and so all it starts, be in the control groups with these files. */
    SealedThread joining(List<String> files) {
        joined = files;
        return this;
    }

    /** Runs to the end on a platform thread of its own; afterwards {@link #failure} tells. */
    void runToEnd() throws InterruptedException {
        Thread t = new Thread(null, this, "sandbox-seal", STACK_BYTES);
        t.setDaemon(true);
        t.start();
        t.join(DEADLINE_MILLIS);
        if (t.isAlive()) {
            failure = new KernelException("sealed thread made no progress at " + stage, 110);
        }
    }

    @Override
    public void run() {
        try {
            at("control groups");
            joined.forEach(SealedThread::join);
            if (init != null) {
                createSandbox(init);
            } else {
                at("enter namespaces");
                Namespaces.enter(enter);
                if (furnish) {
                    at("view of the container");
                    ContainerView.restrict(plan.mounts());
                    openNetwork();
                }
                leaveTable(false);
            }
            at("privileges");
            PrivilegeDrop.apply(plan.uid());
            at("terminal");
            openTerminal();
            leaveTable(true);
            at("no_new_privs");
            PrivilegeDrop.noNewPrivileges();
            at(LANDLOCK);
            if (plan.landlockAbi() > 0) {
                landlock = Landlock.apply(plan.landlockAbi(), plan.landlock(), scopes);
                Landlock.prove();
            }
            at("seccomp");
            filter.apply();
            SeccompFilter.prove();
            at("start program");
            pid = child.spawn().finish(child.directory()).run(child.candidates(), SHELL);
        } catch (Throwable t) {
            // handed to the waiting thread; nothing may be logged from here
            failure = t;
        }
    }

    /** The root is made of files that are not the host's. */
    SealedThread onForeignRoot(boolean foreign) {
        foreignRoot = foreign;
        return this;
    }

    /** Has direct attempts seen in this way. */
    SealedThread capturing(CaptureSupport support) {
        capturing = support;
        return this;
    }

    private static void join(String file) {
        int fd = (int) Fd.open(file, Fd.O_WRONLY, 0);
        if (fd < 0) {
            throw new KernelException("open " + file, -fd);
        }
        try (Memory m = new Memory()) {
            Native.check("join " + file, Sys.WRITE, fd, m.text("0"), 1);
        } finally {
            Fd.close(fd);
        }
    }

    /** What the thread found out on itself, to be read after its end. */
    Map<String, String> proven() {
        Map<String, String> facts = new TreeMap<>(filter.facts());
        facts.put("seccomp.probe", "setns refused with EPERM");
        Landlock.Applied applied = landlock;
        if (applied != null) {
            facts.put("landlock.rules", Integer.toString(applied.rules()));
            facts.put("landlock.probe", "mknod refused with EACCES");
            String absent = String.join(", ", applied.absent().stream().filter(IsolationPlanner::worthTelling).toList());
            if (!absent.isEmpty()) {
                facts.put("landlock.absent", absent);
            }
        }
        return facts;
    }

    private void createSandbox(Spawn initSpawn) {
        at("namespaces");
        Namespaces.create(plan.hostname());
        openNetwork();
        leaveTable(false);
        at("init process");
        initPid = initSpawn.run(List.of(SHELL), SHELL);
        if (foreignRoot) {
            // Its root follows the thread's: it must have loaded all it needs before that is somebody else's files.
            Processes.awaitAsleep(initPid, "sleep", INIT_MILLIS);
        }
        at("mounts");
        new RootView(root, initPid, this::mountProcFromChild).build(plan.mounts());
    }

    /** Once all is open that the agent is to have: a terminal is that only late. */
    private void leaveTable(boolean terminalOpen) {
        if (child.terminal() == terminalOpen) {
            at("descriptors");
            child.spawn().inOwnTable();
        }
    }

    private void openNetwork() {
        at("network");
        Namespaces.network();
        proxyFd = Namespaces.proxySocket();
        diagFd = Netlink.openDiag();
        at("direct attempts");
        capture = CaptureSetup.open(capturing);
    }

    private void openTerminal() {
        if (child.terminal()) {
            long fd = Fd.open("/dev/pts/ptmx", Fd.O_RDWR | Fd.O_NOCTTY, 0);
            if (fd < 0) {
                throw new KernelException("open terminal", (int) -fd);
            }
            terminalFd = (int) fd;
            int number = Fd.unlockTerminal(terminalFd);
            Fd.resize(terminalFd, child.cols(), child.rows());
            child.spawn().streams("/dev/pts/" + number);
        }
    }

    /** Older kernels mount proc only for the PID namespace of the caller, which a child has and this thread has not. */
    private void mountProcFromChild() {
        try (Spawn mount = new Spawn(List.of("mount", "-t", "proc", "-o", "nosuid,nodev,noexec", "proc", root + "/proc"), List.of())) {
            int mounter = mount.streams("/dev/null").finish("/").run(List.of("/bin/mount"), "/bin/mount");
            for (int i = 0; i < 500; i++) {
                var code = Processes.reap(mounter);
                if (code.isPresent()) {
                    if (code.getAsInt() != 0) {
                        throw new KernelException("mount proc from child, exit " + code.getAsInt(), 22);
                    }
                    return;
                }
                Fd.poll(new int[] {-1}, new int[] {0}, 10);
            }
            throw new KernelException("mount proc from child took too long", 110);
        }
    }

    private void at(String next) {
        stage = next;
    }
}
