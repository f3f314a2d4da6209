package io.openshell.agent.launcher;

import io.openshell.agent.capture.CaptureLoop;
import io.openshell.agent.capture.CaptureSupport;
import io.openshell.agent.isolation.FilesystemView;
import io.openshell.agent.isolation.IsolationPlan;
import io.openshell.agent.isolation.IsolationPlanner;
import io.openshell.agent.isolation.PlanInput;
import io.openshell.agent.isolation.descriptors.Environment;
import io.openshell.agent.isolation.landlock.Landlock;
import io.openshell.agent.isolation.landlock.LandlockRights;
import io.openshell.agent.isolation.limits.ResourceLimits;
import io.openshell.agent.isolation.mounts.HostFacts;
import io.openshell.agent.isolation.resources.MachineShares;
import io.openshell.agent.isolation.resources.ShareGroup;
import io.openshell.agent.isolation.seccomp.SeccompCompiler;
import io.openshell.agent.isolation.seccomp.SeccompFilter;
import io.openshell.agent.isolation.users.Standing;
import io.openshell.agent.linux.Processes;
import io.openshell.agent.linux.Spawn;
import io.openshell.agent.linux.SyscallTable;
import io.openshell.agent.rootfs.TreeStore;
import io.openshell.agent.rootfs.TreeView;
import io.openshell.agent.runtime.AdoptOutcome;
import io.openshell.agent.runtime.KeptRun;
import io.openshell.agent.runtime.LaunchOutcome;
import io.openshell.agent.runtime.LaunchRequest;
import io.openshell.agent.runtime.SandboxRuntime;
import io.openshell.agent.workspace.WorkspaceSize;
import io.openshell.model.isolation.LayerKind;
import io.openshell.model.isolation.LayerReport;
import io.openshell.model.sandbox.SandboxSource;
import io.openshell.model.sandbox.Shares;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/** Sandboxes as processes of this machine in namespaces of their own, started by the agent itself. */
public final class LinuxRuntime implements SandboxRuntime {
    private static final String LOST = "its first process was ended by somebody outside";
    private static final List<String> INIT = List.of("/bin/sh", "-c", "trap \"\" CHLD; exec sleep infinity");
    private final LinuxSettings settings;
    private final MachineShares machine;
    private final TreeStore trees;
    private final Map<String, LinuxSandbox> live = new ConcurrentHashMap<>();
    private final Orphans orphans = new Orphans();
    private final Caretaker caretaker;
    private final Map<String, Object> locks = new ConcurrentHashMap<>();
    private final CaptureLoop captures = new CaptureLoop();
    private CaptureSupport capturing = new CaptureSupport.Absent("not tried yet");
    private volatile List<LayerReport> able = List.of();
    private @Nullable SeccompFilter filter;

    public LinuxRuntime(LinuxSettings settings) {
        this.settings = settings;
        this.caretaker = new Caretaker(settings.stateDirectory(), settings.groupFamily());
        this.trees = new TreeStore(settings.trees());
        this.machine = MachineShares.find(settings.groupFamily());
    }

    @Override
    public String name() {
        return "linux";
    }

    @Override
    public List<LayerReport> preflight() {
        return Preflight.layers().stream().map(l -> l.kind() == LayerKind.RESOURCES && !(l instanceof LayerReport.Absent)
                ? machine.layer() : l).toList();
    }

    /** Looked at again for every launch until nothing is missing: what this process and its kernel are able to do then stays. */
    private List<LayerReport> capabilities() {
        List<LayerReport> known = able;
        if (known.isEmpty()) {
            known = preflight();
            able = known.stream().anyMatch(LayerReport.Absent.class::isInstance) ? List.of() : known;
        }
        return known;
    }

    @Override
    public LaunchOutcome launch(LaunchRequest request) {
        synchronized (locks.computeIfAbsent(request.sandboxId(), id -> new Object())) {
            if (live.containsKey(request.sandboxId())) {
                return new LaunchOutcome.Failed("state", "this sandbox is already running");
            }
            FilesystemView view = FilesystemView.of(request.policy());
            List<LayerReport> layers = capabilities();
            Optional<String> blocker = blocker(layers, view);
            if (blocker.isPresent()) {
                return new LaunchOutcome.Refused(layers, blocker.get());
            }
            Optional<String> malformed = malformed(request);
            if (malformed.isPresent()) {
                return new LaunchOutcome.Failed("request", malformed.get());
            }
            try {
                return launch(request, view);
            } catch (IOException | RuntimeException e) {
                return new LaunchOutcome.Failed("prepare", String.valueOf(e.getMessage()));
            }
        }
    }

    private LaunchOutcome launch(LaunchRequest request, FilesystemView view) throws IOException {
        SandboxFiles files = new SandboxFiles(settings, request.sandboxId());
        Optional<RunRecord> earlier = files.run();
        if (earlier.isPresent() && !Remains.of(earlier.get()).isEmpty()) {
            return new LaunchOutcome.Failed("state", "processes of an earlier run remain; remove them first");
        }
        String hostname = hostname(request);
        files.forgetRun(); // of a start that is over: from here on a record would be taken for this one's
        int uid = files.prepare(hostname);
        files.trust(request.trust());
        Optional<TreeView> tree = Optional.empty();
        if (request.basis().source() instanceof SandboxSource.Rootfs rootfs) {
            tree = trees.find(rootfs.name());
            if (tree.isEmpty()) {
                return new LaunchOutcome.Failed(LaunchOutcome.Failed.SOURCE, "this node has no file tree " + rootfs.name());
            }
            files.standsOn(rootfs.name());
        }
        WorkspaceSize size = files.sized(request);
        boolean up = false;
        try {
            Optional<LaunchOutcome> lacking = lacking(view, files, tree);
            LaunchOutcome outcome = lacking.isPresent() ? lacking.get() : start(request, planned(request, uid, files, tree), files, size);
            up = outcome instanceof LaunchOutcome.Running;
            return outcome;
        } finally {
            if (!up) {
                files.forgetRun();
            }
        }
    }

    private Optional<LaunchOutcome> lacking(FilesystemView view, SandboxFiles files, Optional<TreeView> tree) throws IOException {
        if (!view.hardRequirement()) {
            return Optional.empty();
        }
        HostFacts facts = tree.map(t -> t.facts(true)).orElseGet(() -> HostFacts.ofMachine(settings.exposedPaths()));
        List<String> missing = IsolationPlanner.missing(view, facts, files.workspace().toRealPath().toString());
        return missing.isEmpty() ? Optional.empty()
                : Optional.of(new LaunchOutcome.Refused(preflight(), "listed paths do not exist: " + String.join(", ", missing)));
    }

    private IsolationPlan planned(LaunchRequest request, int uid, SandboxFiles files, Optional<TreeView> tree) throws IOException {
        FilesystemView view = FilesystemView.of(request.policy());
        String hostname = hostname(request);
        Map<String, String> environment = Environment.of(request.sandboxId(), hostname, request.tty(), request.environment(),
                !request.trust().isEmpty());
        PlanInput input = new PlanInput(view, uid, Math.max(0, Landlock.probe()), environment, hostname);
        HostFacts host = tree.map(t -> t.facts(false)).orElseGet(() -> HostFacts.ofMachine(settings.exposedPaths()));
        IsolationPlan plan = IsolationPlanner.plan(input, host, files.etc().toString(), files.workspace().toRealPath().toString());
        return tree.isPresent() ? tree.get().over(plan) : plan;
    }

    static String hostname(LaunchRequest request) {
        return request.hostname().matches("[A-Za-z0-9][A-Za-z0-9.-]{0,62}") ? request.hostname() : "sandbox";
    }

    private LaunchOutcome start(LaunchRequest request, IsolationPlan planned, SandboxFiles files, WorkspaceSize size) throws IOException {
        SeccompFilter seccomp = prepared();
        List<String> path = Child.candidates(request.command().getFirst(), planned.environment().getOrDefault("PATH", Environment.PATH), "/sandbox");
        Shares shares = machine.granted(request.basis().shares());
        ShareGroup group = machine.make(request.sandboxId(), shares);
        IsolationPlan plan = DiskShare.over(planned, shares.diskBytes());
        Ground ground = new Ground(group, shares, size, () -> LOST, "");
        try (Spawn init = new Spawn(INIT, List.of("PATH=/usr/bin:/bin", Orphans.marker(request.sandboxId()), files.mark())).streams("/dev/null").finish("/");
                Spawn main = new Spawn(ResourceLimits.wrapped(request.command(), ground.gated()), Environment.lines(plan.environment()));
                Streams streams = request.tty() ? new Streams() : Streams.connect(main, plan.uid())) {
            Child child = new Child(main, path, "/sandbox", request.tty(), 80, 24);
            SealedThread thread = SealedThread.creating(plan, seccomp, child, init, files.root().toString()).joining(ground.threadFiles())
                    .capturing(capturing()).onForeignRoot(request.basis().source() instanceof SandboxSource.Rootfs);
            Attempt attempt = new Attempt(request, plan, files, ground, thread);
            Started started = Started.from(thread, streams, request.tty(), true);
            if (started.session() == null) {
                attempt.undo();
                return new LaunchOutcome.Failed(thread.stage, String.valueOf(started.failure()));
            }
            return switch (attempt.record(started.session())) {
                case Attempt.Outcome.Undone undone -> undone.why();
                case Attempt.Outcome.Recorded recorded -> running(attempt, started.session(), recorded);
            };
        }
    }

    private LaunchOutcome running(Attempt attempt, LinuxSession main, Attempt.Outcome.Recorded recorded) {
        Evidence evidence = recorded.evidence();
        SealedThread thread = attempt.thread();
        SandboxFiles files = attempt.files();
        caretaker.ensure();
        main.confinedTo(evidence.seen().getOrDefault("ns.pid", ""));
        SandboxHandles handles = new SandboxHandles(thread.initPid, Processes.handle(thread.initPid), thread.proxyFd, thread.diagFd,
                thread.capture, Optional.of(recorded.keeping()));
        LinuxSandbox sandbox = new LinuxSandbox(attempt.request(), attempt.plan(), prepared(), evidenceWith(evidence.seen(), attempt.ground(), thread.initPid),
                handles, main, attempt.ground(), captures, kept -> gone(files, machine.group(files.sandboxId()), kept));
        main.start();
        if (!evidence.mismatches().isEmpty()) {
            sandbox.stop();
            List<LayerReport> layers = List.of(new LayerReport.Absent(LayerKind.NO_NEW_PRIVS, String.join("; ", evidence.mismatches())));
            return new LaunchOutcome.Refused(layers, "the started process is not confined as planned: " + evidence.mismatches());
        }
        live.put(files.sandboxId(), sandbox);
        return new LaunchOutcome.Running(sandbox);
    }

    static Map<String, String> evidenceWith(Map<String, String> seen, Ground ground, int initPid) {
        Map<String, String> all = new TreeMap<>(seen);
        all.putAll(ground.readBack(initPid));
        return all;
    }

    @Override
    public Optional<KeptRun> kept(String sandboxId) {
        try {
            return new SandboxFiles(settings, sandboxId).run().map(RunRecord::start)
                    .map(start -> new KeptRun(start.epoch(), start.instance(), start.revision()));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public AdoptOutcome adopt(LaunchRequest request) {
        synchronized (locks.computeIfAbsent(request.sandboxId(), id -> new Object())) {
            if (live.containsKey(request.sandboxId())) {
                return new AdoptOutcome.NotAdopted("it is this agent's already");
            }
            try {
                SandboxFiles files = new SandboxFiles(settings, request.sandboxId());
                AdoptOutcome.Adopted adopted = adopt(request.with(files.trust()), files);
                live.put(request.sandboxId(), (LinuxSandbox) adopted.sandbox());
                caretaker.ensure();
                return adopted;
            } catch (IOException | RuntimeException e) {
                return new AdoptOutcome.NotAdopted(String.valueOf(e.getMessage()));
            }
        }
    }

    private AdoptOutcome.Adopted adopt(LaunchRequest request, SandboxFiles files) throws IOException {
        RunRecord record = files.run().orElseThrow(() -> new IOException("nothing is written down of it"));
        Optional<TreeView> tree = Optional.empty();
        if (request.basis().source() instanceof SandboxSource.Rootfs rootfs) {
            tree = Optional.of(trees.find(rootfs.name()).orElseThrow(() -> new IOException("its file tree is gone")));
        }
        Shares shares = machine.granted(request.basis().shares());
        WorkspaceSize size = files.size(request);
        IsolationPlan plan = DiskShare.over(planned(request, record.uid(), files, tree), shares.diskBytes());
        ShareGroup group = machine.found(request.sandboxId(), record.main().pid());
        Ground ground = new Ground(group, shares, size, () -> LOST, "");
        return new Adoption(files, record, request).take(
                new Adoption.Means(plan, prepared(), ground, capturing(), captures, Standing.here().ownUid()), kept -> gone(files, group, kept));
    }

    private void gone(SandboxFiles files, ShareGroup group, boolean kept) {
        live.remove(files.sandboxId());
        if (kept) {
            return;
        }
        try {
            group.remove();
            files.forgetRun();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public void removeLeftovers(String sandboxId) {
        LinuxSandbox running = live.get(sandboxId);
        if (running != null) {
            running.stop();
            return;
        }
        try {
            SandboxFiles files = new SandboxFiles(settings, sandboxId);
            if (!files.exist()) {
                return;
            }
            Optional<RunRecord> record = files.run();
            List<Integer> pids = record.isPresent()
                    ? Remains.of(record.get())
                    // An agent that was killed before it had written everything down leaves processes unrecorded.
                    : orphans.of(sandboxId, files.recordedUid().map(files::holderUid).orElse(-1));
            ShareGroup group = record.map(r -> machine.found(sandboxId, r.main().pid())).orElseGet(() -> machine.group(sandboxId));
            for (int pid : pids) {
                machine.thaw(pid);
                Remains.end(pid);
            }
            group.remove();
            files.forgetRun();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public void purge(String sandboxId) {
        removeLeftovers(sandboxId);
        try {
            SandboxFiles files = new SandboxFiles(settings, sandboxId);
            Optional<String> tree = files.tree();
            files.delete();
            if (tree.isPresent() && !SandboxFiles.anyStandsOn(settings, tree.get())) {
                trees.remove(tree.get());
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        locks.remove(sandboxId);
    }

    CaptureLoop captures() {
        return captures;
    }

    synchronized CaptureSupport capturing() {
        prepared();
        return capturing;
    }

    Caretaker caretaker() {
        return caretaker;
    }

    LinuxSettings settings() {
        return settings;
    }

    MachineShares machine() {
        return machine;
    }

    synchronized SeccompFilter prepared() {
        SeccompFilter ready = filter;
        if (ready == null) {
            Preload.run();
            ResourceLimits.applyToAgent();
            capturing = CaptureSupport.probe();
            ready = new SeccompFilter(SeccompCompiler.compile(SyscallTable.ofThisMachine()));
            filter = ready;
        }
        return ready;
    }

    static Optional<String> blocker(List<LayerReport> layers, FilesystemView view) {
        return blocker(layers, view, Landlock.probe());
    }

    /** Why a view of the files cannot be kept with these layers and this version of Landlock; empty when it can. */
    static Optional<String> blocker(List<LayerReport> layers, FilesystemView view, int abi) {
        if (view.hardRequirement() && abi > 0 && !LandlockRights.keepsFilePromises(abi)) {
            return Optional.of("LANDLOCK: version " + abi + " cannot keep what the policy requires: "
                    + String.join(", ", LandlockRights.gaps(abi)));
        }
        for (LayerReport report : layers) {
            if (report instanceof LayerReport.Absent a && !(a.kind() == LayerKind.LANDLOCK && view.bestEffort())) {
                return Optional.of(a.kind() + ": " + a.why());
            }
        }
        return Optional.empty();
    }

    static Optional<String> malformed(LaunchRequest request) {
        if (request.command().isEmpty() || request.command().getFirst().isEmpty()) {
            return Optional.of("the command is empty");
        }
        return Texts.malformed(request.command(), request.environment());
    }
}
