package io.openshell.agent.report;

import io.openshell.log.ActivityLog;
import io.openshell.wire.events.Heartbeat;
import java.time.Clock;
import java.time.Duration;
import java.util.concurrent.TimeUnit;

/** Gives signs of life as long as the agent runs. They go with the activity: one that is lost does not matter. */
public final class Heartbeats implements AutoCloseable {

    /** How long after a sign of life a node counts as there. */
    public static final Duration LEASE = Duration.ofSeconds(20);

    private static final Duration EVERY = Duration.ofSeconds(5);
    private static final Duration CLOSE = Duration.ofSeconds(2);

    private final Thread thread;

    private Heartbeats(Thread thread) {
        this.thread = thread;
    }

    /** Starts at once. */
    public static Heartbeats start(Heartbeat beat, ActivityLog log, Clock clock) {
        Thread thread = Thread.ofPlatform().name("heartbeats").daemon().start(() -> {
            try {
                while (true) {
                    log.append(beat.key(), beat.encode(clock.instant()));
                    TimeUnit.NANOSECONDS.sleep(EVERY.toNanos());
                }
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt(); // only close() interrupts
            }
        });
        return new Heartbeats(thread);
    }

    @Override
    public void close() {
        thread.interrupt();
        try {
            thread.join(CLOSE);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
