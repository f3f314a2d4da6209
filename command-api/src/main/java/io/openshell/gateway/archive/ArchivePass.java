package io.openshell.gateway.archive;

import io.openshell.gateway.archive.ArchiveStreams.Appended;
import io.openshell.log.LogFaults;
import io.openshell.log.LogRecord;
import io.openshell.log.RecordListener;
import io.openshell.model.Event;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Predicate;

/**
 * One run along the log. Each handful of records is in the archive before the next is taken, so the follower is held back by a slow
 * store and nothing queues here. Streams go side by side, the events of one in order.
 */
final class ArchivePass implements RecordListener, AutoCloseable {

    private static final int SIDE_BY_SIDE = 16;
    private static final int MOST_EVENTS = 100;
    private static final int MOST_BYTES = 256 * 1024;
    private static final long FIRST_PAUSE_MS = 50;
    private static final long LONGEST_PAUSE_MS = 5_000;
    /** Longer than the store's own deadline, which says more. */
    private static final long ANSWER_MS = 10_000;

    private final ArchiveStreams streams;
    private final Told told;
    private final Function<Event, String> body;
    private final ExecutorService workers =
            Executors.newFixedThreadPool(SIDE_BY_SIDE, Thread.ofPlatform().name("archive-append-", 0).daemon().factory());
    private final CountDownLatch ended = new CountDownLatch(1);
    private final AtomicBoolean troubled = new AtomicBoolean();

    /**
     * Who hears what.
     *
     * @param aside an event did not fit and was set aside
     * @param reached everything before these offsets is in the archive
     * @param lacking earlier events of this stream are missing there; when it answers true, this pass does nothing more
     */
    record Told(LogFaults faults, Runnable aside, Consumer<Map<Integer, Long>> reached, Predicate<String> lacking) {}

    ArchivePass(ArchiveStreams streams, Told told, Function<Event, String> body) {
        this.streams = streams;
        this.told = told;
        this.body = body;
    }

    @Override
    public void onRecords(List<LogRecord> records) {
        Map<String, List<ArchivedEvent>> byStream = new LinkedHashMap<>();
        Map<Integer, Long> next = new HashMap<>();
        for (LogRecord record : records) {
            ArchivedEvent event = ArchivedEvent.of(record, body);
            byStream.computeIfAbsent(event.stream(), stream -> new ArrayList<>()).add(event);
            next.put(record.position().partition(), record.position().offset() + 1);
        }
        if (settled(byStream.values())) {
            told.reached().accept(next);
        }
    }

    @Override
    public void onCaughtUp() {
        // being up to date changes nothing: what comes next is mirrored in the same way
    }

    private boolean settled(Iterable<List<ArchivedEvent>> streamsEvents) {
        List<Callable<Boolean>> all = new ArrayList<>();
        streamsEvents.forEach(events -> all.add(() -> settle(events)));
        try {
            boolean settled = true;
            for (Future<Boolean> each : workers.invokeAll(all)) {
                settled &= each.get();
            }
            return settled;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        } catch (ExecutionException e) {
            throw new IllegalStateException("events cannot be mirrored", e.getCause());
        }
    }

    /** Whether these events of one stream are in the archive now; false when the pass ended first. */
    private boolean settle(List<ArchivedEvent> events) throws InterruptedException {
        Deque<List<ArchivedEvent>> left = new ArrayDeque<>(chunks(events));
        long pause = FIRST_PAUSE_MS;
        while (!left.isEmpty() && !over()) {
            List<ArchivedEvent> next = left.peek();
            try {
                Appended appended = streams.append(next).get(ANSWER_MS, TimeUnit.MILLISECONDS);
                left.pop();
                follow(appended, next).reversed().forEach(left::push);
                pause = FIRST_PAUSE_MS;
                troubled.set(false);
            } catch (ExecutionException | TimeoutException e) {
                trouble(e);
                ended.await(pause, TimeUnit.MILLISECONDS);
                pause = Math.min(LONGEST_PAUSE_MS, pause * 2);
            }
        }
        return left.isEmpty() && !over();
    }

    /** What is to be appended next, after the store answered about these. */
    private List<List<ArchivedEvent>> follow(Appended appended, List<ArchivedEvent> events) {
        return switch (appended) {
            case Appended.Done done -> List.of();
            case Appended.EndsElsewhere(long newest) -> switch (Remaining.of(events, newest)) {
                case Remaining.Overlap(var known, var rest) -> known.isEmpty() ? List.of(rest) : List.of(known, rest);
                case Remaining.Different different -> events.size() > 1
                        ? events.stream().map(List::of).toList()
                        : aside(events, "another event stands at its revision");
                case Remaining.Gap gap -> lacking(events);
            };
        };
    }

    private List<List<ArchivedEvent>> aside(List<ArchivedEvent> events, String why) {
        events.forEach(event -> told.aside().run());
        return List.of(events.stream().map(event -> event.setAside(why)).toList());
    }

    private List<List<ArchivedEvent>> lacking(List<ArchivedEvent> events) {
        if (!told.lacking().test(events.getFirst().stream())) {
            return aside(events, "the log lacks events before it");
        }
        end();
        return List.of();
    }

    private static List<List<ArchivedEvent>> chunks(List<ArchivedEvent> events) {
        List<List<ArchivedEvent>> chunks = new ArrayList<>();
        int bytes = 0;
        for (ArchivedEvent event : events) {
            int size = event.data().length + event.metadata().length;
            if (chunks.isEmpty() || chunks.getLast().size() == MOST_EVENTS || bytes + size > MOST_BYTES) {
                chunks.add(new ArrayList<>());
                bytes = 0;
            }
            chunks.getLast().add(event);
            bytes += size;
        }
        return chunks;
    }

    /** Said once until something works again. */
    private void trouble(Exception failure) {
        if (troubled.compareAndSet(false, true)) {
            told.faults().trouble("the archive", failure.getCause() == null ? failure : failure.getCause());
        }
    }

    private boolean over() {
        return ended.getCount() == 0;
    }

    /** Lets a record under way go without waiting for the store. Any thread. */
    void end() {
        ended.countDown();
    }

    @Override
    public void close() {
        end();
        workers.shutdownNow();
    }
}
