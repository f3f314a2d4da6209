package io.openshell.bench;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Supplier;

/** Callers that each send the next request when the last one was answered. */
public final class ClosedLoop {
    private static final long LAST_ANSWERS_SECONDS = 20;

    private final Supplier<? extends CompletionStage<?>> call;
    private final Recorder recorder;
    private final AtomicLong done = new AtomicLong();
    private double seconds;

    /** Durations of the calls go to the recorder. */
    public ClosedLoop(Supplier<? extends CompletionStage<?>> call, Recorder recorder) {
        this.call = call;
        this.recorder = recorder;
    }

    /** Lets so many callers work for that long, and waits for their last answers, at most 20 seconds more. */
    public void run(int callers, Duration duration) throws Exception {
        long start = System.nanoTime();
        long end = start + duration.toNanos();
        CompletableFuture<?>[] all = new CompletableFuture<?>[callers];
        for (int i = 0; i < callers; i++) {
            CompletableFuture<Void> caller = new CompletableFuture<>();
            all[i] = caller;
            next(caller, end);
        }
        CompletableFuture.allOf(all).get(duration.toSeconds() + LAST_ANSWERS_SECONDS, TimeUnit.SECONDS);
        seconds += (System.nanoTime() - start) / 1e9;
    }

    private void next(CompletableFuture<Void> caller, long end) {
        long begun = System.nanoTime();
        if (begun >= end) {
            caller.complete(null);
            return;
        }
        call.get().whenComplete((answer, failure) -> {
            if (failure != null) {
                caller.completeExceptionally(failure);
                return;
            }
            recorder.addNanos(System.nanoTime() - begun);
            done.incrementAndGet();
            next(caller, end);
        });
    }

    /** Forgets what was counted so far. */
    public void clear() {
        recorder.clear();
        done.set(0);
        seconds = 0;
    }

    /** What the callers together did in a second, over all runs. */
    public double perSecond() {
        return done.get() / seconds;
    }

    /** Durations of the single calls, ms. */
    public Samples samples() {
        return recorder.samples();
    }
}
