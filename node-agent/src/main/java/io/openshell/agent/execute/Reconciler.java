package io.openshell.agent.execute;

import io.openshell.agent.desired.DesiredListener;
import io.openshell.agent.desired.DesiredSandbox;
import io.openshell.agent.report.Reporter;
import io.openshell.agent.report.SandboxLog;
import io.openshell.agent.runtime.RunningSandbox;
import io.openshell.model.sandbox.Session;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BiConsumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps every sandbox of the node where the log wants it: on every change, and again every five seconds for what failed.
 * The tasks of one sandbox run one after the other, those of several side by side. What waits is bounded by the number of
 * sandboxes: each waits at most once.
 */
public final class Reconciler implements DesiredListener, AutoCloseable {

    private static final Duration TICK = Duration.ofSeconds(5);
    private static final int WORKERS = 4;
    private static final Logger LOG = LoggerFactory.getLogger(Reconciler.class);

    private final Function<String, Optional<DesiredSandbox>> desired;
    private final Ports ports;
    private final ExecutorService workers = Executors.newFixedThreadPool(WORKERS, thread -> daemon(thread, "sandbox-task"));
    private final ScheduledExecutorService ticker =
            Executors.newSingleThreadScheduledExecutor(thread -> daemon(thread, "sandbox-tick"));
    private final Map<String, Slot> slots = new ConcurrentHashMap<>();
    private volatile boolean closing;

    /**
     * What the reconciler works with.
     *
     * @param logs the log of one sandbox, by id
     * @param sessions takes a session and the sandbox it is for; null when nothing of the sandbox is here
     */
    public record Ports(
            Launcher launcher,
            Reporter reporter,
            Function<String, SandboxLog> logs,
            BiConsumer<SessionRequest, @Nullable RunningSandbox> sessions) {}

    /** Somebody wants to enter a sandbox. */
    public record SessionRequest(String sandboxId, Session session) {}

    private static final class Slot {
        final SandboxTask task;
        final AtomicInteger asked = new AtomicInteger();

        Slot(SandboxTask task) {
            this.task = task;
        }
    }

    /** Reconciles towards what {@code desired} tells of a sandbox. */
    public Reconciler(Function<String, Optional<DesiredSandbox>> desired, Ports ports) {
        this.desired = desired;
        this.ports = ports;
        ticker.scheduleWithFixedDelay(
                () -> slots.keySet().forEach(this::onChanged), TICK.toMillis(), TICK.toMillis(), TimeUnit.MILLISECONDS);
    }

    private static Thread daemon(Runnable work, String name) {
        Thread thread = new Thread(work, name);
        thread.setDaemon(true);
        return thread;
    }

    @Override
    public void onChanged(String sandboxId) {
        if (closing) {
            return;
        }
        Slot slot = slots.computeIfAbsent(sandboxId, this::slot);
        // Only the first to ask hands the slot over; the others are noticed by the run under way.
        if (slot.asked.getAndIncrement() == 0) {
            submit(sandboxId, slot);
        }
    }

    @Override
    public void onSession(String sandboxId, Session session) {
        Slot slot = slots.get(sandboxId);
        ports.sessions().accept(new SessionRequest(sandboxId, session), slot == null ? null : slot.task.sandbox().orElse(null));
    }

    private Slot slot(String id) {
        SandboxTask.Parts parts =
                new SandboxTask.Parts(ports.launcher(), ports.reporter(), ports.logs().apply(id), () -> onChanged(id));
        return new Slot(new SandboxTask(id, () -> desired.apply(id), parts));
    }

    private void submit(String id, Slot slot) {
        try {
            workers.execute(() -> work(id, slot));
        } catch (RejectedExecutionException e) {
            LOG.debug("no more work is taken: the agent ends");
        }
    }

    private void work(String id, Slot slot) {
        int seen = slot.asked.get();
        boolean done = false;
        try {
            done = !closing && slot.task.reconcile();
        } catch (RuntimeException e) {
            // The next tick tries again; until then the log shows where the sandbox stands.
            LOG.error("sandbox not brought to its wanted state: sandbox={}", id, e);
        }
        if (slot.asked.addAndGet(-seen) > 0) {
            submit(id, slot);
        } else if (done) {
            slots.remove(id, slot);
        }
    }

    /** Lets every sandbox go on for the next agent, without telling the log: what is wanted of them does not change. Bounded. */
    @Override
    public void close() {
        closing = true;
        ticker.shutdownNow();
        List<Callable<Boolean>> releases = new ArrayList<>();
        slots.forEach((id, slot) -> releases.add(() -> slot.task.release()));
        workers.shutdown();
        try (ExecutorService closers = Executors.newVirtualThreadPerTaskExecutor()) {
            if (!workers.awaitTermination(5, TimeUnit.SECONDS)) {
                LOG.error("a sandbox's task did not end within 5 s");
            }
            for (var release : closers.invokeAll(releases, 10, TimeUnit.SECONDS)) {
                report(release);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private static void report(java.util.concurrent.Future<Boolean> release) {
        switch (release.state()) {
            case FAILED -> LOG.error("sandbox not let go", release.exceptionNow());
            case CANCELLED -> LOG.error("sandbox not let go within 10 s");
            case SUCCESS, RUNNING -> {}
        }
    }
}
