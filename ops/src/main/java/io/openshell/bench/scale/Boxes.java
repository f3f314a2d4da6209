package io.openshell.bench.scale;

import io.openshell.agent.credential.CredentialSource;
import io.openshell.agent.execute.Launcher;
import io.openshell.agent.execute.Running;
import io.openshell.agent.launcher.LinuxRuntime;
import io.openshell.agent.launcher.LinuxSettings;
import io.openshell.agent.plan.Overlay;
import io.openshell.agent.plan.Step;
import io.openshell.agent.report.SandboxLog;
import io.openshell.log.ActivityLog;
import io.openshell.model.isolation.LayerReport;
import io.openshell.model.policy.BuiltInPolicies;
import io.openshell.model.sandbox.Basis;
import io.openshell.model.sandbox.PolicyRevision;
import io.openshell.proxy.PolicyAdvisor;
import io.openshell.proxy.ProxyEventLoops;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.function.IntConsumer;

/** Sandboxes as the node agent makes them, each with its proxy and the built-in policy, but no gateway and no log. Any thread. */
final class Boxes implements AutoCloseable {
    /** As many as the agent uses. */
    static final int WORKERS = 4;

    private static final long LIMIT_SECONDS = 600;
    private static final ActivityLog NOWHERE = new ActivityLog() {
        @Override
        public void append(String sandboxId, byte[] record) {
            // what happens in these sandboxes is nobody's business
        }

        @Override
        public long dropped() {
            return 0;
        }

        @Override
        public void close() {
            // holds nothing
        }
    };

    private final LinuxRuntime runtime;
    private final ProxyEventLoops loops = ProxyEventLoops.own(2);
    private final Launcher launcher;
    private final Map<String, Running> up = new ConcurrentHashMap<>();
    private final ExecutorService workers = Executors.newFixedThreadPool(WORKERS);

    /**
     * Makes none yet.
     *
     * @param home folder of this run
     * @param firstUid user ids nobody else gives away
     */
    Boxes(Path home, int firstUid) {
        runtime = new LinuxRuntime(new LinuxSettings(home, firstUid, List.of()));
        launcher = new Launcher(runtime, loops, host -> CompletableFuture.completedStage(List.of()), CredentialSource.NONE,
                () -> UUID.randomUUID().toString(), (sandbox, denials, generation) -> PolicyAdvisor.OFF);
    }

    /** What this host offers. */
    List<LayerReport> preflight() {
        return runtime.preflight();
    }

    /** Starts one. */
    Running start(String id, List<String> command) {
        var revision = new PolicyRevision(1, "", BuiltInPolicies.community(), Map.of(),
                new PolicyRevision.Status(PolicyRevision.Status.Kind.PENDING, "", Optional.empty()), Instant.now());
        var step = new Step.Launch(1, "bench", new Step.MainProcess(command, Map.of(), false, Basis.USUAL), revision, Overlay.NONE);
        return switch (launcher.launch(id, step, new SandboxLog(NOWHERE, "bench", id, Clock.systemUTC()))) {
            case Launcher.Launched.Up started -> {
                up.put(id, started.running());
                yield started.running();
            }
            case Launcher.Launched.Down failed -> throw new IllegalStateException("no sandbox " + id + ": " + failed.run());
        };
    }

    /** Starts one that sleeps. */
    Running start(String id) {
        return start(id, List.of("sleep", "36000"));
    }

    /** Ends one and removes all of it. */
    void end(String id) {
        Running running = up.remove(id);
        if (running != null) {
            running.end();
        }
        runtime.purge(id);
    }

    /** How many are up. */
    int count() {
        return up.size();
    }

    /** Does this for all numbers below {@code count}, {@value #WORKERS} at a time; the result is how many a second were done. */
    double each(int count, IntConsumer work) throws Exception {
        List<Callable<Boolean>> all = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            int number = i;
            all.add(() -> {
                work.accept(number);
                return true;
            });
        }
        long begun = System.nanoTime();
        for (Future<Boolean> done : workers.invokeAll(all, LIMIT_SECONDS, TimeUnit.SECONDS)) {
            done.get();
        }
        return count / ((System.nanoTime() - begun) / 1e9);
    }

    @Override
    public void close() throws Exception {
        List<String> left = List.copyOf(up.keySet());
        each(left.size(), i -> end(left.get(i)));
        workers.shutdown();
        loops.close();
    }
}
