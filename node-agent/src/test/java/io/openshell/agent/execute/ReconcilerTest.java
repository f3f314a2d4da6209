package io.openshell.agent.execute;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.channel.epoll.Epoll;
import io.openshell.agent.desired.DesiredSandbox;
import io.openshell.agent.plan.SandboxStream;
import io.openshell.agent.credential.CredentialSource;
import io.openshell.agent.report.RecordingCommandLog;
import io.openshell.agent.report.Reporter;
import io.openshell.agent.report.SandboxLog;
import io.openshell.agent.runtime.AdoptOutcome;
import io.openshell.agent.runtime.LaunchOutcome;
import io.openshell.agent.runtime.RunningSandbox;
import io.openshell.log.ActivityLog;
import io.openshell.model.StreamId;
import io.openshell.model.sandbox.Phase;
import io.openshell.model.sandbox.SandboxCommand;
import io.openshell.model.sandbox.SandboxState;
import io.openshell.model.sandbox.Session;
import io.openshell.proxy.PolicyAdvisor;
import io.openshell.proxy.ProxyEventLoops;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.BrokenBarrierException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;

class ReconcilerTest {

    private static final class Nowhere implements ActivityLog {
        private final AtomicInteger lines = new AtomicInteger();

        @Override
        public void append(String sandboxId, byte[] record) {
            lines.incrementAndGet();
        }

        @Override
        public long dropped() {
            return 0;
        }

        @Override
        public void close() {
            lines.set(0);
        }
    }

    private final ScriptedRuntime runtime = new ScriptedRuntime();
    private final RecordingCommandLog commands = new RecordingCommandLog();
    private final Map<String, DesiredSandbox> desired = new ConcurrentHashMap<>();
    private final LinkedBlockingQueue<Optional<RunningSandbox>> entered = new LinkedBlockingQueue<>();
    private final ProxyEventLoops loops = ProxyEventLoops.own(1);
    private final AtomicInteger instances = new AtomicInteger();
    private final Reconciler reconciler = reconciler();

    private Reconciler reconciler() {
        return new Reconciler(
                id -> Optional.ofNullable(desired.get(id)),
                new Reconciler.Ports(
                        new Launcher(runtime, loops, host -> CompletableFuture.failedStage(new TimeoutException()),
                                CredentialSource.NONE,
                                () -> "i" + instances.incrementAndGet(), (sandbox, denials, generation) -> PolicyAdvisor.OFF),
                        new Reporter(commands, "n1", Clock.systemUTC(), System::nanoTime),
                        id -> new SandboxLog(new Nowhere(), "n1", id, Clock.systemUTC()),
                        (request, sandbox) -> entered.add(Optional.ofNullable(sandbox))));
    }

    @AfterEach
    void close() {
        reconciler.close();
        loops.close();
    }

    private SandboxStream want(String id, Phase phase) {
        SandboxStream stream = SandboxStream.at(phase, id);
        want(id, stream);
        return stream;
    }

    private void want(String id, SandboxStream stream) {
        if (stream.state() instanceof SandboxState.Live) {
            desired.put(id, new DesiredSandbox(StreamId.sandbox("default", id), stream.state(), 1, "corr"));
        } else {
            desired.remove(id);
        }
        reconciler.onChanged(id);
    }

    private List<SandboxCommand> told() {
        return commands.taken().stream().map(t -> (SandboxCommand) t.envelope().command()).toList();
    }

    private <C extends SandboxCommand> C awaitTold(Class<C> type) {
        await("a " + type.getSimpleName(), () -> told().stream().anyMatch(type::isInstance));
        return told().stream().filter(type::isInstance).map(type::cast).findFirst().orElseThrow();
    }

    private void await(String what, BooleanSupplier condition) {
        long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(20);
        while (!condition.getAsBoolean()) {
            if (System.nanoTime() > end) {
                throw new AssertionError("not in time: " + what + "; calls " + runtime.calls + " told " + told());
            }
            LockSupport.parkNanos(2_000_000);
        }
    }

    private SandboxStream started(String id) {
        Assumptions.assumeTrue(Epoll.isAvailable(), "needs native sockets of Linux");
        SandboxStream stream = want(id, Phase.PROVISIONING);
        stream.node(awaitTold(SandboxCommand.ReportEnforced.class));
        want(id, stream);
        assertThat(stream.phase()).isEqualTo(Phase.READY);
        return stream;
    }

    @Test
    void whatIsWantedIsStartedAndTold() {
        started("s1");
        assertThat(runtime.calls).containsExactly("removeLeftovers s1", "launch s1");
        var enforcement = awaitTold(SandboxCommand.ReportEnforced.class).enforcement();
        assertThat(enforcement.instanceId()).isEqualTo("i1");
        assertThat(enforcement.layers()).extracting(l -> l.kind().name()).contains("SECCOMP", "PROXY_LISTENER");
    }

    @Test
    void aLaunchThatFailsIsToldAndNotTriedAgain() {
        runtime.launching = request -> new LaunchOutcome.Failed("mounts", "no space left");
        SandboxStream stream = want("s1", Phase.PROVISIONING);
        var refused = awaitTold(SandboxCommand.ReportRefused.class);
        assertThat(refused.code()).isEqualTo("LAUNCH_FAILED");
        assertThat(refused.reason()).isEqualTo("mounts: no space left");
        stream.node(refused);
        want("s1", stream);
        assertThat(stream.phase()).isEqualTo(Phase.ERROR);
        reconciler.close();
        assertThat(runtime.calls.stream().filter("launch s1"::equals)).hasSize(1);
    }

    @Test
    void whatAnEarlierAgentLeftRunningIsTakenOverAndTold() {
        SandboxStream stream = started("s1");
        reconciler.close();
        Reconciler next = reconciler();
        try {
            next.onChanged("s1");
            var adopted = awaitTold(SandboxCommand.ReportAdopted.class);
            assertThat(adopted.instanceId()).isEqualTo("i1");
            assertThat(adopted.verified()).containsEntry("main.pid", "7");
            assertThat(runtime.calls).containsExactly("removeLeftovers s1", "launch s1", "release s1", "adopt s1");
            stream.node(adopted);
            assertThat(stream.phase()).isEqualTo(Phase.READY);
        } finally {
            next.close();
        }
    }

    @Test
    void whatCannotBeTakenOverIsEndedAndToldAsLost() {
        started("s1");
        reconciler.close();
        runtime.adopting = request -> new AdoptOutcome.NotAdopted("its PID 1 is gone");
        Reconciler next = reconciler();
        try {
            next.onChanged("s1");
            assertThat(awaitTold(SandboxCommand.ReportInterrupted.class).reason()).contains("its PID 1 is gone");
            assertThat(runtime.calls).endsWith("adopt s1", "removeLeftovers s1");
        } finally {
            next.close();
        }
    }

    @Test
    void anEndWhoseStatusIsLostIsToldWithoutOne() {
        started("s1");
        runtime.running.get("s1").exit.completeExceptionally(new IllegalStateException("not seen"));
        assertThat(awaitTold(SandboxCommand.ReportMainExited.class).exitCode()).isEmpty();
    }

    @Test
    void anExitIsNoticedWithoutBeingAskedFor() {
        started("s1");
        runtime.running.get("s1").exit.complete(3);
        assertThat(awaitTold(SandboxCommand.ReportMainExited.class))
                .isEqualTo(new SandboxCommand.ReportMainExited(1, "i1", 3));
    }

    @Test
    void aPauseIsToldAndWhatIsPausedCanBeStopped() {
        SandboxStream stream = started("s1");
        runtime.running.get("s1").held = Optional.of("its container was paused");
        reconciler.onChanged("s1");
        var paused = awaitTold(SandboxCommand.ReportPause.class);
        assertThat(paused).isEqualTo(new SandboxCommand.ReportPause(1, "i1", Optional.of("its container was paused")));
        want("s1", stream.node(paused).user(new SandboxCommand.Stop()));
        awaitTold(SandboxCommand.ReportStopped.class);
        assertThat(runtime.calls).endsWith("stop s1");
    }

    @Test
    void deletionEndsPurgesAndTellsInThisOrder() {
        SandboxStream stream = started("s1");
        stream.user(new SandboxCommand.Delete());
        want("s1", stream);
        stream.node(awaitTold(SandboxCommand.ReportRemoved.class));
        want("s1", stream);
        assertThat(stream.state()).isInstanceOf(SandboxState.Deleted.class);
        assertThat(runtime.calls).containsExactly("removeLeftovers s1", "launch s1", "stop s1", "purge s1");
    }

    @Test
    void theTasksOfOneSandboxRunOneAfterTheOther() throws Exception {
        runtime.launching = request -> new LaunchOutcome.Failed("spawn", "scripted");
        want("s1", Phase.STOPPED);
        List<Thread> callers = new ArrayList<>();
        for (int t = 0; t < 4; t++) {
            callers.add(Thread.ofPlatform().start(() -> {
                for (int i = 0; i < 500; i++) {
                    want("s1", i % 2 == 0 ? Phase.DELETING : Phase.PROVISIONING);
                }
            }));
        }
        for (Thread caller : callers) {
            caller.join(20_000);
        }
        want("s1", Phase.DELETING);
        awaitTold(SandboxCommand.ReportRemoved.class);
        assertThat(runtime.mostAtOnce).hasValue(1);
    }

    @Test
    void severalSandboxesAreWorkedOnSideBySide() {
        CyclicBarrier both = new CyclicBarrier(2);
        CountDownLatch met = new CountDownLatch(2);
        runtime.onCall = call -> {
            try {
                both.await(20, TimeUnit.SECONDS);
                met.countDown();
            } catch (InterruptedException | BrokenBarrierException | TimeoutException e) {
                throw new IllegalStateException("the other one did not come", e);
            }
        };
        want("s1", Phase.STOPPED);
        want("s2", Phase.STOPPED);
        await("both are removed at the same time", () -> met.getCount() == 0);
    }

    @Test
    void aFaultInOneSandboxIsTriedAgainAndHoldsUpNoOther() {
        AtomicInteger faults = new AtomicInteger(1);
        runtime.onCall = call -> {
            if (call.equals("removeLeftovers s1") && faults.getAndDecrement() > 0) {
                throw new IllegalStateException("scripted fault");
            }
        };
        want("s1", Phase.STOPPING);
        want("s2", Phase.STOPPING);
        await("s2 has stopped and s1, on a later try, too", () -> commands.taken().stream()
                .filter(t -> t.envelope().command() instanceof SandboxCommand.ReportStopped)
                .map(t -> t.envelope().stream()).distinct().count() == 2);
    }

    @Test
    void aSessionFindsWhatRunsAndNothingWhereNothingDoes() throws Exception {
        started("s1");
        Session session = new Session("x1", Session.Kind.EXEC, List.of("ls"), false, "unix:/g.sock");
        reconciler.onSession("s1", session);
        assertThat(entered.poll(5, TimeUnit.SECONDS)).contains(runtime.running.get("s1"));
        reconciler.onSession("nobody", session);
        assertThat(entered.poll(5, TimeUnit.SECONDS)).isEmpty();
    }

    @Test
    void closingLetsEverythingGoOnAndTellsNothing() {
        started("s1");
        int before = told().size();
        reconciler.close();
        assertThat(runtime.calls).contains("release s1").doesNotContain("stop s1");
        assertThat(told()).hasSize(before);
        want("s2", Phase.PROVISIONING);
        reconciler.close();
        assertThat(runtime.calls).noneMatch(call -> call.endsWith("s2"));
    }
}
