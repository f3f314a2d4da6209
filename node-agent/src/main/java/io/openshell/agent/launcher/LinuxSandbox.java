package io.openshell.agent.launcher;

import io.openshell.agent.capture.CaptureLoop;
import io.openshell.agent.capture.CaptureSockets;
import io.openshell.agent.capture.DirectWatch;
import io.openshell.agent.identity.CallerLookup;
import io.openshell.agent.identity.SocketOwnerLookup;
import io.openshell.agent.isolation.IsolationPlan;
import io.openshell.agent.isolation.descriptors.Environment;
import io.openshell.agent.isolation.limits.ResourceLimits;
import io.openshell.agent.isolation.seccomp.SeccompFilter;
import io.openshell.agent.linux.Errno;
import io.openshell.agent.linux.Fd;
import io.openshell.agent.linux.KernelException;
import io.openshell.agent.linux.Processes;
import io.openshell.agent.linux.Spawn;
import io.openshell.agent.runtime.DirectTraffic;
import io.openshell.agent.runtime.ExecRequest;
import io.openshell.agent.runtime.Keepsake;
import io.openshell.agent.runtime.LaunchException;
import io.openshell.agent.runtime.LaunchRequest;
import io.openshell.agent.runtime.LimitHit;
import io.openshell.agent.runtime.ProcessSession;
import io.openshell.agent.runtime.RunningSandbox;
import io.openshell.agent.runtime.TrustFiles;
import io.openshell.model.isolation.LayerKind;
import io.openshell.model.isolation.LayerReport;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A sandbox started by {@link LinuxRuntime}. */
final class LinuxSandbox implements RunningSandbox {
    private static final long STOP_NANOS = TimeUnit.SECONDS.toNanos(10);
    private static final int MAX_SESSIONS = 256;
    private static final Logger LOG = LoggerFactory.getLogger(LinuxSandbox.class);
    private final LaunchRequest request;
    private final boolean trusting;
    private final IsolationPlan plan;
    private final SeccompFilter filter;
    private final Map<String, String> evidence;
    private final SandboxHandles handles;
    private final LinuxSession main;
    private final Ground ground;
    private final Consumer<Boolean> onGone;
    private final SocketOwnerLookup callers;
    private final DirectWatch direct;
    private final Set<LinuxSession> sessions = ConcurrentHashMap.newKeySet();
    private final LayerReport resources;
    private boolean listenerGiven;
    private volatile boolean stopped;

    /** @param onGone told whether its processes go on without this agent */
    LinuxSandbox(LaunchRequest request, IsolationPlan plan, SeccompFilter filter, Map<String, String> evidence, SandboxHandles handles,
            LinuxSession main, Ground ground, CaptureLoop loop, Consumer<Boolean> onGone) {
        // The certificates are on the disk by now: half a megabyte that each sandbox would hold for its life.
        this.request = request.with(TrustFiles.NONE).with(Keepsake.NONE);
        this.trusting = !request.trust().isEmpty();
        this.plan = plan;
        this.filter = filter;
        this.evidence = evidence.isEmpty() ? Map.of() : withCapture(evidence, handles.capture());
        this.handles = handles;
        this.main = main;
        this.onGone = onGone;
        this.ground = ground;
        this.resources = ground.layer(main.pid(), handles.initPid());
        this.callers = new SocketOwnerLookup(handles.diagFd(), handles.initPid());
        this.direct = new DirectWatch(loop, handles.capture(), callers);
        sessions.add(main);
        handles.keeping().ifPresent(keeping -> main.beforeInputEnds(keeping::dropInput));
    }

    private static Map<String, String> withCapture(Map<String, String> evidence, CaptureSockets capture) {
        Map<String, String> all = new TreeMap<>(evidence);
        all.put("direct", capture.present() ? "attempts past the proxy are held, recorded and refused" : "absent: " + capture.absent());
        return Map.copyOf(all);
    }

    @Override
    public String sandboxId() {
        return request.sandboxId();
    }

    @Override
    public String instanceId() {
        return request.instanceId();
    }

    @Override
    public List<LayerReport> layers() {
        return Evidence.layers(plan, evidence).stream().map(l -> l.kind() == LayerKind.RESOURCES ? resources : l).toList();
    }

    @Override
    public Map<String, String> evidence() {
        return evidence;
    }

    @Override
    public synchronized int proxyListenerFd() {
        if (stopped || listenerGiven) {
            throw new IllegalStateException("the listener was given out or the sandbox is stopped");
        }
        listenerGiven = true;
        return handles.proxyFd();
    }

    @Override
    public ProcessSession main() {
        return main;
    }

    @Override
    public synchronized ProcessSession exec(ExecRequest exec) throws LaunchException {
        if (stopped) {
            throw new LaunchException("state", "the sandbox is stopped");
        }
        if (sessions.size() >= MAX_SESSIONS) {
            throw new LaunchException("state", "too many processes are attached");
        }
        if (exec.command().isEmpty() || exec.command().getFirst().isEmpty()) {
            throw new LaunchException("request", "the command is empty");
        }
        var malformed = Texts.malformed(exec.command(), exec.environment());
        if (malformed.isPresent()) {
            throw new LaunchException("request", malformed.get());
        }
        // It would be held still with the others.
        var held = paused();
        if (held.isPresent()) {
            throw new LaunchException("state", held.get());
        }
        try {
            return enter(exec);
        } catch (KernelException | IOException e) {
            throw new LaunchException("exec", String.valueOf(e.getMessage()));
        }
    }

    private ProcessSession enter(ExecRequest exec) throws LaunchException, IOException {
        Map<String, String> over = new TreeMap<>(request.environment());
        over.putAll(exec.environment());
        Map<String, String> environment = Environment.of(sandboxId(), plan.hostname(), exec.tty(), over, trusting);
        String directory = exec.workdir().isEmpty() ? "/sandbox" : exec.workdir();
        List<String> path = Child.candidates(exec.command().getFirst(), environment.getOrDefault("PATH", Environment.PATH), directory);
        try (Spawn spawn = new Spawn(ResourceLimits.wrapped(exec.command(), ground.gated()), Environment.lines(environment));
                Streams streams = exec.tty() ? new Streams() : Streams.connect(spawn, plan.uid())) {
            Child child = new Child(spawn, path, directory, exec.tty(), exec.cols(), exec.rows());
            SealedThread thread = SealedThread.entering(plan, filter, child, handles.initHandle()).joining(ground.threadFiles());
            Started started = Started.from(thread, streams, exec.tty(), false);
            LinuxSession session = started.session();
            if (session == null) {
                Fd.close(thread.terminalFd);
                throw notStarted(thread, exec.command().getFirst(), String.valueOf(started.failure()));
            }
            ground.admit(session.pid());
            return verified(session);
        }
    }

    private static LaunchException notStarted(SealedThread thread, String command, String why) {
        if (thread.failure instanceof KernelException kernel && kernel.operation().equals(Spawn.FIND)) {
            return kernel.errno() == Errno.ENOENT ? LaunchException.notFound(command) : LaunchException.notExecutable(command);
        }
        return new LaunchException(thread.stage, why);
    }

    private ProcessSession verified(LinuxSession session) throws LaunchException, IOException {
        Evidence seen = Evidence.ofSession(session.pid(), handles.initPid(), plan);
        session.confinedTo(seen.seen().getOrDefault("ns.pid", ""));
        sessions.add(session);
        session.exit().whenComplete((code, failure) -> sessions.remove(session));
        if (!seen.mismatches().isEmpty()) {
            session.signal(Processes.SIGKILL);
        }
        session.start();
        if (!seen.mismatches().isEmpty()) {
            throw new LaunchException("verify", "the started process is not confined as planned: " + seen.mismatches());
        }
        return session;
    }

    @Override
    public CallerLookup callers() {
        return callers;
    }

    @Override
    public DirectTraffic direct() {
        return direct;
    }

    /** PID 1 takes no signal from inside, so its end is somebody else's doing; it ends all other processes with it. */
    @Override
    public Optional<String> lost() {
        try {
            boolean gone = !stopped && (Fd.poll(new int[] {handles.initHandle()}, new int[] {Fd.POLLIN}, 0)[0] != 0
                    || ProcFiles.ending(handles.initPid()));
            return gone ? Optional.of(ground.whyLost()) : Optional.empty();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public Optional<String> paused() {
        try {
            return ground.paused();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public List<LimitHit> limitHits() {
        return ground.news();
    }

    @Override
    public synchronized void stop() {
        if (stopped) {
            return;
        }
        stopped = true;
        direct.close();
        callers.close();
        Processes.signal(handles.initHandle(), Processes.SIGKILL);
        long deadline = System.nanoTime() + STOP_NANOS;
        boolean gone = false;
        while (!gone && System.nanoTime() < deadline) {
            thaw();
            // PID 1 ends only after the agent has collected the sandbox's processes that are the agent's children
            sessions.forEach(LinuxSession::reap);
            gone = Fd.poll(new int[] {handles.initHandle()}, new int[] {Fd.POLLIN}, 20)[0] != 0;
        }
        Processes.collect(handles.initPid());
        awaitSessions(deadline);
        Fd.close(handles.initHandle());
        if (!listenerGiven) {
            Fd.close(handles.proxyFd());
        }
        handles.keeping().ifPresent(Keeping::end);
        onGone.accept(false);
        if (!gone) {
            throw new KernelException("the sandbox's PID 1 did not end within 10 s", 110);
        }
    }

    private void thaw() {
        try {
            ground.thaw();
        } catch (IOException e) {
            LOG.debug("not to be let go on: sandbox={} reason={}", sandboxId(), e.toString());
        }
    }

    @Override
    public synchronized void release() {
        if (handles.keeping().isEmpty()) {
            stop();
        }
        if (stopped) {
            return;
        }
        stopped = true;
        direct.close();
        callers.close();
        try {
            main.leave();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        Fd.close(handles.initHandle());
        if (!listenerGiven) {
            Fd.close(handles.proxyFd());
        }
        handles.keeping().ifPresent(Keeping::leave);
        onGone.accept(true);
    }

    private void awaitSessions(long deadline) {
        for (LinuxSession s : List.copyOf(sessions)) {
            try {
                s.exit().toCompletableFuture().get(Math.max(1, deadline - System.nanoTime()), TimeUnit.NANOSECONDS);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                return;
            } catch (java.util.concurrent.ExecutionException | java.util.concurrent.TimeoutException e) {
                continue; // a listener that never returns keeps only its own output thread
            }
        }
    }
}
