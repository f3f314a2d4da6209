package io.openshell.projection.fold;

import static org.assertj.core.api.Assertions.assertThat;

import io.openshell.log.LogRecord;
import io.openshell.model.StreamId;
import io.openshell.model.sandbox.SandboxEvent;
import io.openshell.projection.sandboxes.SandboxChange;
import io.openshell.projection.sandboxes.SandboxQuery;
import io.openshell.projection.sandboxes.SandboxView;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/** Other threads read while the fold writes. */
class FoldReadersTest {
    static final int SANDBOXES = 400;
    static final int SUBSCRIBERS = 60;
    final EventFold fold = new EventFold();
    final FoldedSandboxes sandboxes = new FoldedSandboxes(fold);

    @Test
    void readersNeverSeeHalfACommand() throws Exception {
        List<LogRecord> records = records();
        AtomicBoolean over = new AtomicBoolean();
        var reader = CompletableFuture.supplyAsync(() -> {
            long seen = 0;
            while (!over.get()) {
                for (SandboxView view : sandboxes.list(all())) {
                    seen++;
                    assertThat(view.state().policies().newest()).isPresent();
                    assertThat(view.state().placement().node()).isNotEmpty();
                }
            }
            return seen;
        });
        records.forEach(record -> fold.onRecords(List.of(record)));
        Await.until("the reader saw something", () -> !sandboxes.list(all()).isEmpty());
        over.set(true);
        reader.get(20, TimeUnit.SECONDS);
        assertThat(sandboxes.list(all())).hasSize(SANDBOXES / 2);
    }

    @Test
    void whoSubscribesFirstAndReadsThenMissesNothing() throws Exception {
        List<LogRecord> records = records();
        AtomicInteger subscribed = new AtomicInteger();
        var folding = CompletableFuture.runAsync(() -> {
            for (int i = 0; i < records.size(); i++) {
                int due = i * SUBSCRIBERS / records.size();
                Await.until("the next subscriber", () -> subscribed.get() >= due);
                fold.onRecords(List.of(records.get(i)));
            }
        });
        List<Map<String, Long>> copies = new ArrayList<>();
        for (int i = 0; i < SUBSCRIBERS; i++) {
            subscribed.incrementAndGet();
            copies.add(copy());
        }
        folding.get(20, TimeUnit.SECONDS);
        Map<String, Long> truth = new HashMap<>();
        sandboxes.list(all()).forEach(view -> truth.put(view.id(), view.version()));
        assertThat(copies).isNotEmpty().allSatisfy(copy -> {
            copy.values().removeIf(version -> version == Long.MAX_VALUE);
            assertThat(copy).isEqualTo(truth);
        });
    }

    private Map<String, Long> copy() {
        Map<String, Long> copy = new HashMap<>();
        sandboxes.onChange(change -> {
            synchronized (copy) {
                apply(copy, change);
            }
        });
        List<SandboxView> read = sandboxes.list(all());
        synchronized (copy) {
            // What was told meanwhile is newer than what was read, or the same.
            read.forEach(view -> copy.merge(view.id(), view.version(), FoldReadersTest::newer));
        }
        return copy;
    }

    private static void apply(Map<String, Long> copy, SandboxChange change) {
        switch (change) {
            case SandboxChange.Updated updated ->
                copy.merge(updated.view().id(), updated.view().version(), FoldReadersTest::newer);
            // An id is never used again, so a removed one outweighs whatever is read late.
            case SandboxChange.Removed removed -> copy.put(removed.sandboxId(), Long.MAX_VALUE);
        }
    }

    private static long newer(long a, long b) {
        return Math.max(a, b);
    }

    /** Creates all, deletes every second one. */
    private static List<LogRecord> records() {
        List<LogRecord> all = new ArrayList<>();
        for (int i = 0; i < SANDBOXES; i++) {
            StreamId stream = StreamId.sandbox("w", "s" + i);
            Written log = new Written(stream);
            var events = Written.created(stream);
            String id = ((SandboxEvent.SandboxRequested) events[0]).request().sandboxId();
            log.command("c-1", events);
            log.command("c-2", new SandboxEvent.DeleteRequested());
            if (i % 2 == 0) {
                log.command("c-3", new SandboxEvent.SandboxDeleted(id));
            }
            all.addAll(log.records());
        }
        return all;
    }

    private static SandboxQuery all() {
        return new SandboxQuery(Optional.empty(), Map.of(), 0, Integer.MAX_VALUE);
    }
}
