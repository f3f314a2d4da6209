package io.openshell.gateway.archive;

import io.openshell.gateway.time.LogFeed;
import io.openshell.log.LogFaults;
import io.openshell.model.Event;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Function;

/**
 * Mirrors every event of the log into an event store, each stream into one of its own, in order and once, however often a gateway
 * starts or how many gateways do it. A store that is away or slow holds up nothing but the mirror, which goes on where it was; a store
 * that lacks earlier events is filled from the beginning.
 */
public final class EventArchive implements AutoCloseable {

    private static final Duration CLOSE = Duration.ofSeconds(10);
    private final ArchiveStreams streams;
    private final Source source;
    private final ArchivePositions positions;
    private final Map<Integer, Long> archived = new ConcurrentHashMap<>();
    private final Set<String> lacking = ConcurrentHashMap.newKeySet();
    private final AtomicLong aside = new AtomicLong();
    private final Thread thread;
    private volatile boolean closing;
    private volatile CountDownLatch over = new CountDownLatch(1);

    /**
     * What is mirrored, and where it is remembered how far.
     *
     * @param body an event's own fields as JSON, without private values
     * @param logId tells this log from others
     * @param positions file of this gateway's own
     */
    public record Source(LogFeed log, Function<Event, String> body, LogFaults faults, String logId, Path positions) {}

    private EventArchive(ArchiveStreams streams, Source source) {
        this.streams = streams;
        this.source = source;
        this.positions = new ArchivePositions(source.positions(), source.logId());
        this.thread = Thread.ofPlatform().name("archive").daemon().unstarted(this::keep);
    }

    /**
     * Starts mirroring; returns at once, whether the store is there or not.
     *
     * @param connection file that holds one connection string
     * @throws IllegalArgumentException when it does not; the message says what to do and nothing of the string
     */
    public static EventArchive start(Path connection, Source source) {
        return start(EventStoreStreams.of(connection), source);
    }

    static EventArchive start(ArchiveStreams streams, Source source) {
        EventArchive archive = new EventArchive(streams, source);
        archive.thread.start();
        return archive;
    }

    /** How many records the gateway's views hold that the archive does not. Any thread. */
    public long behind() {
        return source.log().served().entrySet().stream()
                .mapToLong(each -> Math.max(0, each.getValue() - archived.getOrDefault(each.getKey(), 0L))).sum();
    }

    /** How many events did not fit where they belong, since this process started. Any thread. */
    public long setAside() {
        return aside.get();
    }

    private void keep() {
        Map<Integer, Long> from = positions.read();
        while (!closing) {
            archived.clear();
            archived.putAll(from);
            CountDownLatch mine = over;
            var told = new ArchivePass.Told(source.faults(), aside::incrementAndGet, this::reached, stream -> again(stream, mine));
            try (var pass = new ArchivePass(streams, told, source.body());
                    LogFeed.Following following = source.log().follow(from, pass)) {
                mine.await();
                pass.end();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                return;
            }
            over = new CountDownLatch(closing ? 0 : 1);
            from = Map.of();
        }
    }

    /**
     * Begins anew, with the log's first records, when a stream's earlier events are missing in the store. Where they are missing again
     * they never stood in the log. Several threads.
     */
    private boolean again(String stream, CountDownLatch pass) {
        if (!lacking.add(stream)) {
            return false;
        }
        source.faults().trouble("the archive", new IllegalStateException("it lacks earlier events of " + stream
                + " and is filled from the beginning"));
        pass.countDown();
        return true;
    }

    /** Everything before these offsets stands in the archive. On the follower's thread. */
    private void reached(Map<Integer, Long> offsets) {
        archived.putAll(offsets);
        positions.write(archived);
    }

    /** Stops within some seconds; what was not mirrored is, after the next start. */
    @Override
    public void close() {
        closing = true;
        over.countDown();
        try {
            thread.join(CLOSE);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        streams.close();
    }
}
