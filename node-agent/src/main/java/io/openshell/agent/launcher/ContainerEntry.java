package io.openshell.agent.launcher;

import io.openshell.agent.isolation.FilesystemView;
import io.openshell.agent.isolation.IsolationPlan;
import io.openshell.agent.isolation.IsolationPlanner;
import io.openshell.agent.isolation.PlanInput;
import io.openshell.agent.isolation.descriptors.Environment;
import io.openshell.agent.isolation.landlock.Landlock;
import io.openshell.agent.isolation.limits.ResourceLimits;
import io.openshell.agent.isolation.mounts.HostFacts;
import io.openshell.agent.isolation.users.Standing;
import io.openshell.agent.linux.Fd;
import io.openshell.agent.linux.Processes;
import io.openshell.agent.linux.Spawn;
import io.openshell.agent.runtime.AdoptOutcome;
import io.openshell.agent.runtime.KeptRun;
import io.openshell.agent.runtime.LaunchOutcome;
import io.openshell.agent.runtime.LaunchRequest;
import io.openshell.agent.runtime.TrustFiles;
import io.openshell.agent.workspace.WorkspaceSize;
import io.openshell.model.isolation.LayerKind;
import io.openshell.model.isolation.LayerReport;
import io.openshell.model.sandbox.Shares;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import java.util.function.Supplier;

/**
 * Starts sandboxes in containers. The engine makes the namespaces and the view of the files; who enters, and with what
 * seal, is the same as on the bare host. Blocks for some milliseconds; thread safe.
 */
public final class ContainerEntry {
    /** User and group of a container's first process: it needs no rights over anybody, and the workload none over it. */
    public static final int FIRST_PROCESS_UID = 65_534;

    private final LinuxRuntime linux;

    /** With the settings and the seal of this runtime. */
    public ContainerEntry(LinuxRuntime linux) {
        this.linux = linux;
    }

    /**
     * What of the host a sandbox's container is shown.
     *
     * @param uid user and group of the workload
     * @param hostname seen inside
     * @param shares granted to it
     * @param size of the workspace, if one was asked for
     * @param marks what the container's first process is started with in its environment, to be recognised by later
     */
    public record Home(Path workspace, Path etc, int uid, String hostname, Shares shares, WorkspaceSize size, List<String> marks) {
        /** The certificates its programs believe; seen inside at {@link TrustFiles#DIRECTORY}. */
        public Path trust() {
            return etc.resolve(Path.of(TrustFiles.DIRECTORY).getFileName().toString());
        }
    }

    /**
     * A container that runs.
     *
     * @param initPid its first process, as the agent sees it
     * @param same whether that is still the container's first process
     */
    public record Inhabited(int initPid, BooleanSupplier same, Owner owner) {}

    /**
     * Who made the container.
     *
     * @param whyLost tells why it ended unasked
     * @param resume command that lets it go on after somebody has paused it
     * @param onGone told once nothing of the sandbox is this agent's any more, and whether its processes go on without it
     */
    public record Owner(Supplier<String> whyLost, String resume, Consumer<Boolean> onGone) {}

    /** Why a sandbox with this request cannot be started here, before anything was made. */
    public Optional<LaunchOutcome> obstacle(LaunchRequest request) {
        List<LayerReport> layers = linux.preflight();
        if (Standing.here().inUserNamespace()) {
            return Optional.of(new LaunchOutcome.Refused(layers, "sandboxes from container images need a gateway that runs as root: an engine's"
                    + " containers cannot be entered from a user namespace; without --from, or from a file tree, they run"));
        }
        Optional<LaunchOutcome> blocked = LinuxRuntime.blocker(layers, FilesystemView.of(request.policy()))
                .map(reason -> new LaunchOutcome.Refused(layers, reason));
        return blocked.or(() -> LinuxRuntime.malformed(request).map(why -> new LaunchOutcome.Failed("request", why)));
    }

    /** The directories of a sandbox, made when they are missing. */
    public Home home(LaunchRequest request) throws IOException {
        SandboxFiles files = files(request.sandboxId());
        files.forgetRun(); // of a start that is over
        String hostname = LinuxRuntime.hostname(request);
        int uid = files.prepare(hostname);
        files.trust(request.trust());
        Shares shares = linux.machine().granted(request.basis().shares());
        return new Home(files.workspace().toRealPath(), files.etc().toRealPath(), uid, hostname, shares, files.sized(request),
                List.of(Orphans.marker(request.sandboxId()), files.mark()));
    }

    /** Seals and starts the main process in the container. On any outcome but running the container is the caller's to remove. */
    public LaunchOutcome enter(LaunchRequest request, Home home, Inhabited inside) {
        int handle = -1;
        try {
            handle = Processes.handle(inside.initPid());
            // Only now is it certain that the number still means the process that was asked about.
            if (!inside.same().getAsBoolean()) {
                Fd.close(handle);
                return new LaunchOutcome.Failed("container", "it ended at once");
            }
            return start(request, home, inside, handle);
        } catch (IOException | RuntimeException e) {
            Fd.close(handle);
            return new LaunchOutcome.Failed("container", String.valueOf(e.getMessage()));
        }
    }

    private LaunchOutcome start(LaunchRequest request, Home home, Inhabited inside, int handle) throws IOException {
        IsolationPlan plan = plan(request, home.uid(), home.hostname(), home.workspace());
        Ground ground = new Ground(linux.machine().of(inside.initPid()), home.shares(), sharedWith(inside, home.size()), inside.owner().whyLost(),
                inside.owner().resume());
        Map<String, String> environment = plan.environment();
        List<String> path = Child.candidates(request.command().getFirst(), environment.getOrDefault("PATH", Environment.PATH), "/sandbox");
        try (Spawn main = new Spawn(ResourceLimits.wrapped(request.command(), ground.gated()), Environment.lines(environment));
                Streams streams = request.tty() ? new Streams() : Streams.connect(main, plan.uid())) {
            Child child = new Child(main, path, "/sandbox", request.tty(), 80, 24);
            SealedThread thread = SealedThread.inhabiting(plan, linux.prepared(), child, handle).joining(ground.threadFiles())
                    .capturing(linux.capturing());
            Started started = Started.from(thread, streams, request.tty(), true);
            if (started.session() == null) {
                List.of(thread.proxyFd, thread.diagFd, thread.terminalFd, handle).forEach(Fd::close);
                thread.capture.close();
                return failed(request, thread.stage, String.valueOf(started.failure()));
            }
            return verified(new Entered(request, plan, ground, inside, handle), thread, started.session());
        }
    }

    /**
     * An engine that has another view of the files than the agent shows the folder below the mount.
     *
     * @throws IOException when that hides files of the sandbox
     */
    private static WorkspaceSize sharedWith(Inhabited inside, WorkspaceSize size) throws IOException {
        if (size.bytes() <= 0 || size.gap().isPresent() || size.workspace().seenBy(inside.initPid())) {
            return size;
        }
        if (!size.workspace().empty()) {
            throw new IOException("its workspace has a size and files that the container engine, which has a view of the files of its own, cannot see");
        }
        size.workspace().discard();
        return new WorkspaceSize(size.workspace(), size.bytes(), Optional.of("the container engine has a view of the files of its own"));
    }

    private static IsolationPlan plan(LaunchRequest request, int uid, String hostname, Path workspace) {
        Map<String, String> environment = Environment.of(request.sandboxId(), hostname, request.tty(), request.environment(),
                !request.trust().isEmpty());
        return IsolationPlanner.inside(new PlanInput(FilesystemView.of(request.policy()), uid, Math.max(0, Landlock.probe()), environment, hostname),
                HostFacts.ofMachine(List.of()), workspace.toString());
    }

    /** What an image lacks of a policy's paths is only seen inside. */
    private LaunchOutcome failed(LaunchRequest request, String stage, String failure) {
        return stage.equals(SealedThread.LANDLOCK) && FilesystemView.of(request.policy()).hardRequirement()
                ? new LaunchOutcome.Refused(linux.preflight(), "what the policy requires cannot be had in this image: " + failure)
                : new LaunchOutcome.Failed(stage, failure);
    }

    private record Entered(LaunchRequest request, IsolationPlan plan, Ground ground, Inhabited inside, int handle) {}

    private LaunchOutcome verified(Entered e, SealedThread thread, LinuxSession main) {
        Evidence evidence = new Evidence(Map.of(), List.of());
        Optional<Keeping> keeping = Optional.empty();
        Optional<LaunchOutcome> fault = Optional.empty();
        SandboxFiles files = files(e.request().sandboxId());
        String stage = "verify";
        try {
            e.ground().admit(thread.pid);
            evidence = Evidence.of(thread.pid, e.inside().initPid(), e.plan()).with(thread.proven());
            main.confinedTo(evidence.seen().getOrDefault("ns.pid", ""));
            stage = "record";
            main.keepOutput(files.output());
            keeping = Optional.of(Keeping.begin(e.request(), files, e.inside().initPid(), thread, main).complete());
            linux.caretaker().ensure();
        } catch (IOException | RuntimeException failure) {
            fault = Optional.of(new LaunchOutcome.Failed(stage, String.valueOf(failure.getMessage())));
        }
        if (!evidence.mismatches().isEmpty()) {
            List<LayerReport> layers = List.of(new LayerReport.Absent(LayerKind.NO_NEW_PRIVS, String.join("; ", evidence.mismatches())));
            fault = Optional.of(new LaunchOutcome.Refused(layers, "the started process is not confined as planned: " + evidence.mismatches()));
        }
        SandboxHandles handles = new SandboxHandles(e.inside().initPid(), e.handle(), thread.proxyFd, thread.diagFd, thread.capture, keeping);
        LinuxSandbox sandbox = new LinuxSandbox(e.request(), e.plan(), linux.prepared(),
                LinuxRuntime.evidenceWith(evidence.seen(), e.ground(), e.inside().initPid()), handles, main, e.ground(), linux.captures(),
                kept -> gone(files, e.inside().owner(), kept));
        main.start();
        if (fault.isPresent()) {
            sandbox.stop();
            return fault.get();
        }
        return new LaunchOutcome.Running(sandbox);
    }

    private static void gone(SandboxFiles files, Owner owner, boolean kept) {
        owner.onGone().accept(kept);
        if (kept) {
            return;
        }
        try {
            files.forgetRun();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** What an earlier agent wrote down of a start. */
    public Optional<KeptRun> kept(String sandboxId) {
        return linux.kept(sandboxId);
    }

    /**
     * Takes over what an earlier agent left running in a container, without its engine: the kernel knows which container a process
     * is in.
     *
     * @param container the engine's full id of it
     */
    public AdoptOutcome adopt(LaunchRequest request, String container, Owner owner) {
        try {
            SandboxFiles files = files(request.sandboxId());
            RunRecord record = files.run().orElseThrow(() -> new IOException("nothing is written down of it"));
            if (!record.init().runs()) {
                return new AdoptOutcome.NotAdopted(owner.whyLost().get());
            }
            if (!container.matches("[0-9a-f]{64}") || !ProcFiles.groups(record.init().pid()).contains(container)) {
                return new AdoptOutcome.NotAdopted("its PID 1 is not in its container");
            }
            LaunchRequest trusting = request.with(files.trust());
            WorkspaceSize size = files.size(request);
            IsolationPlan plan = plan(trusting, record.uid(), LinuxRuntime.hostname(request), files.workspace().toRealPath());
            Ground ground = new Ground(linux.machine().of(record.init().pid()), linux.machine().granted(request.basis().shares()),
                    size, owner.whyLost(), owner.resume());
            AdoptOutcome adopted = new Adoption(files, record, trusting).take(
                    new Adoption.Means(plan, linux.prepared(), ground, linux.capturing(), linux.captures(), FIRST_PROCESS_UID),
                    kept -> gone(files, owner, kept));
            linux.caretaker().ensure();
            return adopted;
        } catch (IOException | RuntimeException e) {
            return new AdoptOutcome.NotAdopted(String.valueOf(e.getMessage()));
        }
    }

    /** Takes back what {@link #home} lent to a start that came to nothing. */
    public void abandon(String sandboxId) {
        try {
            files(sandboxId).forgetRun();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Ends what runs of a sandbox's container, without its engine. */
    public void end(String sandboxId) {
        linux.removeLeftovers(sandboxId);
    }

    /** Where a sandbox's files are. */
    public Path directory(String sandboxId) {
        return files(sandboxId).workspace().getParent();
    }

    private SandboxFiles files(String sandboxId) {
        return new SandboxFiles(linux.settings(), sandboxId);
    }
}
