package io.openshell.agent.launcher;

import io.openshell.agent.isolation.FilesystemView;
import io.openshell.agent.isolation.IsolationPlan;
import io.openshell.agent.isolation.IsolationPlanner;
import io.openshell.agent.isolation.PlanInput;
import io.openshell.agent.isolation.descriptors.Environment;
import io.openshell.agent.isolation.landlock.Landlock;
import io.openshell.agent.isolation.limits.ResourceLimits;
import io.openshell.agent.isolation.users.Standing;
import io.openshell.agent.linux.Fd;
import io.openshell.agent.linux.KernelException;
import io.openshell.agent.linux.Processes;
import io.openshell.agent.linux.Spawn;
import io.openshell.agent.runtime.LaunchOutcome;
import io.openshell.agent.runtime.LaunchRequest;
import io.openshell.agent.runtime.RunningSandbox;
import io.openshell.agent.runtime.TrustFiles;
import io.openshell.model.isolation.LayerKind;
import io.openshell.model.isolation.LayerReport;
import io.openshell.model.sandbox.Shares;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;

/**
 * Starts sandboxes in containers. The engine makes the namespaces and the view of the files; who enters, and with what
 * seal, is the same as on the bare host. Blocks for some milliseconds; thread safe.
 */
public final class ContainerEntry {
    private static final long KILL_MILLIS = 10_000;
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
     */
    public record Home(Path workspace, Path etc, int uid, String hostname, Shares shares) {
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
     * @param whyLost tells why it ended unasked
     * @param remove removes the container
     */
    public record Inhabited(int initPid, BooleanSupplier same, Supplier<String> whyLost, Runnable remove) {}

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
        String hostname = LinuxRuntime.hostname(request);
        int uid = files.prepare(hostname);
        files.trust(request.trust());
        Shares shares = linux.machine().granted(request.basis().shares());
        return new Home(files.workspace().toRealPath(), files.etc().toRealPath(), uid, hostname, shares);
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
        Map<String, String> environment = Environment.of(request.sandboxId(), home.hostname(), request.tty(), request.environment(),
                !request.trust().isEmpty());
        IsolationPlan plan = IsolationPlanner.inside(new PlanInput(
                FilesystemView.of(request.policy()), home.uid(), Math.max(0, Landlock.probe()), environment, home.hostname()));
        Ground ground = new Ground(linux.machine().of(inside.initPid()), home.shares(), inside.whyLost());
        List<String> path = Child.candidates(request.command().getFirst(), environment.getOrDefault("PATH", Environment.PATH), "/sandbox");
        try (Spawn main = new Spawn(ResourceLimits.wrapped(request.command(), ground.gated()), Environment.lines(environment));
                Streams streams = request.tty() ? new Streams() : Streams.connect(main, plan.uid())) {
            Child child = new Child(main, path, "/sandbox", request.tty(), 80, 24);
            SealedThread thread = SealedThread.inhabiting(plan, linux.prepared(), child, handle).joining(ground.threadFiles());
            Started started = Started.from(thread, streams, request.tty(), true);
            if (started.session() == null) {
                List.of(thread.proxyFd, thread.diagFd, thread.terminalFd, handle).forEach(Fd::close);
                return new LaunchOutcome.Failed(thread.stage, String.valueOf(started.failure()));
            }
            return verified(new Entered(request, plan, ground, inside, handle), thread, started.session());
        }
    }

    private record Entered(LaunchRequest request, IsolationPlan plan, Ground ground, Inhabited inside, int handle) {}

    private LaunchOutcome verified(Entered e, SealedThread thread, LinuxSession main) throws IOException {
        Evidence evidence;
        Optional<String> fault = Optional.empty();
        try {
            e.ground().admit(thread.pid);
            evidence = Evidence.of(thread.pid, e.inside().initPid(), e.plan()).with(thread.proven());
        } catch (IOException | RuntimeException failure) {
            fault = Optional.of(String.valueOf(failure.getMessage()));
            evidence = new Evidence(Map.of(), List.of());
        }
        SandboxHandles handles = new SandboxHandles(e.inside().initPid(), e.handle(), thread.proxyFd, thread.diagFd, Optional.empty());
        LinuxSandbox sandbox = new LinuxSandbox(e.request(), e.plan(), linux.prepared(),
                LinuxRuntime.evidenceWith(evidence.seen(), e.ground()), handles, main, e.ground(), kept -> e.inside().remove().run());
        main.start();
        if (fault.isPresent()) {
            sandbox.stop();
            return new LaunchOutcome.Failed("verify", fault.get());
        }
        if (!evidence.mismatches().isEmpty()) {
            sandbox.stop();
            List<LayerReport> layers = List.of(new LayerReport.Absent(LayerKind.NO_NEW_PRIVS, String.join("; ", evidence.mismatches())));
            return new LaunchOutcome.Refused(layers, "the started process is not confined as planned: " + evidence.mismatches());
        }
        return recorded(e, sandbox);
    }

    private LaunchOutcome recorded(Entered e, RunningSandbox sandbox) {
        try {
            files(e.request().sandboxId()).recordInit(e.inside().initPid());
            return new LaunchOutcome.Running(sandbox);
        } catch (IOException failure) {
            sandbox.stop(); // what is not on record could not be found again after a restart
            return new LaunchOutcome.Failed("record", String.valueOf(failure.getMessage()));
        }
    }

    /** Ends the recorded first process of a sandbox's container, without its engine. */
    public void killRecorded(String sandboxId) throws IOException {
        Optional<Integer> init = files(sandboxId).liveInit();
        if (init.isEmpty()) {
            return;
        }
        int handle = Processes.handle(init.get());
        try {
            Processes.signal(handle, Processes.SIGKILL);
            if (Fd.poll(new int[] {handle}, new int[] {Fd.POLLIN}, KILL_MILLIS)[0] == 0) {
                throw new KernelException("a container's first process did not end within 10 s", 110);
            }
        } finally {
            Fd.close(handle);
        }
    }

    /** Where a sandbox's files are. */
    public Path directory(String sandboxId) {
        return files(sandboxId).workspace().getParent();
    }

    private SandboxFiles files(String sandboxId) {
        return new SandboxFiles(linux.settings(), sandboxId);
    }
}
