package io.openshell.log.kafka;

import io.openshell.log.DeciderTimes;
import io.openshell.log.DecisionPort;
import io.openshell.log.LogFaults;
import io.openshell.log.LoopStatus;
import java.time.Duration;
import java.util.Set;
import java.util.function.Consumer;
import org.apache.kafka.common.errors.InvalidSessionTimeoutException;
import org.apache.kafka.common.errors.WakeupException;
import org.jspecify.annotations.Nullable;

/**
 * Decides the commands of the partitions this process owns and writes their events, and then the copies for the nodes' feeds.
 * All processes that run this loop share the partitions; a partition whose owner is gone is decided elsewhere once a new term
 * has begun in it and the fold there has passed its beginning.
 *
 * <p>One thread calls the port, the faults and the status listener. Trouble with the log ends the membership and starts
 * a new one after a pause.
 */
public final class KafkaDeciderLoop implements AutoCloseable {
    /** The group whose members share the deciding. */
    public static final String GROUP = "openshell-deciders";

    private static final Duration CLOSE = Duration.ofSeconds(10);

    private final DeciderSession.Parts parts;
    private final Thread thread;
    /** Decider thread only. */
    private int sessionMs = ClientProperties.SESSION_TIMEOUT_MS;

    private volatile boolean closing;
    private volatile LoopStatus status = idle(LoopStatus.Phase.JOINING);
    private volatile @Nullable DeciderSession current;

    private KafkaDeciderLoop(KafkaSettings settings, String instance, Ports ports) {
        Consumer<LoopStatus> listener = s -> {
            status = s;
            ports.status().accept(s);
        };
        this.parts = new DeciderSession.Parts(
                settings, GROUP + "-" + instance, ports.decisions(), ports.faults(), listener, ports.times());
        this.thread = Thread.ofPlatform().name("decider").daemon().unstarted(this::run);
    }

    /** What the loop calls, all from its own thread. */
    public record Ports(
            DecisionPort decisions, LogFaults faults, Consumer<LoopStatus> status, DeciderTimes times) {

        /** Without measuring. */
        public Ports(DecisionPort decisions, LogFaults faults, Consumer<LoopStatus> status) {
            this(decisions, faults, status, DeciderTimes.IGNORED);
        }
    }

    /**
     * Starts the loop; does not wait for the log.
     *
     * @param instance tells this process from all others that are alive. Kept over a restart, it lets the new process take
     *     its predecessor's place in the group at once.
     */
    public static KafkaDeciderLoop start(KafkaSettings settings, String instance, Ports ports) {
        KafkaDeciderLoop loop = new KafkaDeciderLoop(settings, instance, ports);
        loop.thread.start();
        return loop;
    }

    /** What the loop is doing. Any thread. */
    public LoopStatus status() {
        return status;
    }

    private void run() {
        Backoff backoff = new Backoff();
        while (!closing) {
            parts.status().accept(idle(LoopStatus.Phase.JOINING));
            try (DeciderSession session = new DeciderSession(parts, sessionMs)) {
                current = session;
                session.join();
                while (!closing) {
                    if (session.step()) {
                        backoff.reset();
                    }
                }
            } catch (WakeupException e) {
                // Only close() wakes; the loop condition ends the thread.
            } catch (InvalidSessionTimeoutException e) {
                // The cluster allows none as short; the usual least one, and slower take-over, do as well.
                parts.faults().trouble("deciding with a session of " + sessionMs + " ms", e);
                sessionMs = ClientProperties.LONGER_SESSION_TIMEOUT_MS;
                backoff.pause(() -> closing);
            } catch (RuntimeException e) {
                // Whatever it was, a command is neither lost nor skipped by starting over at what the log holds.
                parts.decisions().aborted();
                parts.faults().trouble("deciding", e);
                backoff.pause(() -> closing);
            } catch (Error e) {
                parts.decisions().aborted();
                parts.faults().stopped("deciding", e);
                parts.status().accept(idle(LoopStatus.Phase.CLOSED));
                throw e;
            } finally {
                current = null;
            }
        }
        parts.status().accept(idle(LoopStatus.Phase.CLOSED));
    }

    private static LoopStatus idle(LoopStatus.Phase phase) {
        return new LoopStatus(phase, Set.of(), Set.of(), Set.of());
    }

    /** Ends the batch under way and leaves the group, so that others take over at once. Within ten seconds. */
    @Override
    public void close() {
        closing = true;
        DeciderSession session = current;
        if (session != null) {
            session.wakeup();
        }
        try {
            if (!thread.join(CLOSE)) {
                parts.faults().stopped("deciding", new IllegalStateException("the loop did not end within " + CLOSE));
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
