package io.openshell.projection.fold;

import static org.assertj.core.api.Assertions.assertThat;

import io.openshell.log.LogRecord;
import io.openshell.log.Position;
import io.openshell.log.TopicScan;
import io.openshell.model.CommandUnchanged;
import io.openshell.model.StreamId;
import io.openshell.projection.past.AsOf;
import io.openshell.projection.past.Views;
import io.openshell.projection.sandboxes.SandboxQuery;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A log of two partitions in a list; record n of both together was taken at second n. */
class CheckpointsTest {
    private static final String TOPIC = "topic-1";
    private static final Duration LIMIT = Duration.ofSeconds(20);
    private static final SandboxQuery ALL = new SandboxQuery(Optional.empty(), Map.of(), 0, 1_000);
    private static final Clock LATER = Clock.fixed(Instant.ofEpochSecond(1_000_000), ZoneOffset.UTC);

    @TempDir
    Path folder;

    private final List<LogRecord> records = new ArrayList<>();
    private final AtomicLong taken = new AtomicLong();
    private final TopicScan log = (topic, from, taker, deadline) -> {
        boolean[] open = {true, true};
        for (LogRecord record : records) {
            int partition = record.position().partition();
            if (open[partition] && record.position().offset() >= from.getOrDefault(partition, 0L)) {
                taken.incrementAndGet();
                open[partition] = taker.take(record);
            }
        }
        return ends();
    };

    private Map<Integer, Long> ends() {
        return Map.of(0, count(0), 1, count(1));
    }

    private long count(int partition) {
        return records.stream().filter(each -> each.position().partition() == partition).count();
    }

    private void fill(int commands) {
        SplittableRandom random = new SplittableRandom(5);
        List<Written> streams = new ArrayList<>();
        for (int i = 0; i < commands; i++) {
            if (streams.size() < 6 || random.nextInt(3) == 0) {
                streams.add(new Written(StreamId.sandbox("w", "s" + streams.size())));
            }
            Written stream = streams.get(random.nextInt(streams.size()));
            StreamId id = StreamId.sandbox("w", "s" + streams.indexOf(stream));
            List<LogRecord> more = stream.records().isEmpty()
                    ? stream.command("c" + i, Written.created(id))
                    : stream.command("c" + i, new CommandUnchanged("Stop"));
            more.forEach(each -> add(Math.floorMod(each.key().hashCode(), 2), each));
        }
    }

    private void add(int partition, LogRecord record) {
        records.add(new LogRecord(new Position(partition, count(partition)), Instant.ofEpochSecond(records.size()),
                record.key(), record.value()));
    }

    private Checkpoints open(long every) {
        return Checkpoints.open(folder, TOPIC, ends(), every);
    }

    private ReplayedViews views(Checkpoints checkpoints) {
        return new ReplayedViews(log, "events", LATER, checkpoints);
    }

    @Test
    void whatIsFoldedFromACheckpointEqualsWhatIsFoldedFromTheBeginning() {
        fill(300);
        Checkpoints checkpoints = open(50);
        assertThat(views(checkpoints).at(new AsOf.Moment(Instant.ofEpochSecond(records.size())), LIMIT).sandboxes().list(ALL)).isNotEmpty();
        assertThat(checkpoints.size()).as("the first question left some").isGreaterThan(2);
        SplittableRandom random = new SplittableRandom(11);
        for (int i = 0; i < 40; i++) {
            LogRecord record = records.get(random.nextInt(records.size()));
            AsOf point = random.nextBoolean() ? new AsOf.Moment(record.logTime()) : new AsOf.Offset(record.position());
            Views fresh = views(Checkpoints.none()).at(point, LIMIT);
            Views near = views(checkpoints).at(point, LIMIT);
            assertThat(near.sandboxes().list(ALL)).as("%s", point).isEqualTo(fresh.sandboxes().list(ALL));
            assertThat(near.sandboxes().find("w", "s3")).as("%s", point).isEqualTo(fresh.sandboxes().find("w", "s3"));
            assertThat(near.nodes().nodes()).isEqualTo(fresh.nodes().nodes());
        }
    }

    @Test
    void onlyTheEventsBehindTheNearestCheckpointAreRead() {
        fill(300);
        AsOf end = new AsOf.Moment(Instant.ofEpochSecond(records.size()));
        views(open(50)).at(end, LIMIT).sandboxes().list(ALL);
        assertThat(taken.getAndSet(0)).as("the first reads everything").isEqualTo(records.size());
        views(open(50)).at(end, LIMIT).sandboxes().list(ALL);
        assertThat(taken.get()).isLessThan(60);
    }

    @Test
    void checkpointsOfAnotherOrLongerLogAndDamagedOnesAreNotUsed() throws IOException {
        fill(200);
        AsOf end = new AsOf.Moment(Instant.ofEpochSecond(records.size()));
        List<?> wanted = views(open(50)).at(end, LIMIT).sandboxes().list(ALL);
        assertThat(open(50).size()).as("control: they are there").isPositive();

        for (Path file : files()) {
            byte[] damaged = Files.readAllBytes(file);
            damaged[damaged.length / 2] ^= 0x10;
            Files.write(file, damaged);
        }
        assertThat(views(open(50)).at(end, LIMIT).sandboxes().list(ALL)).isEqualTo(wanted);
        views(open(50)).at(end, LIMIT).sandboxes().list(ALL);
        assertThat(Checkpoints.open(folder, TOPIC, Map.of(0, 3L, 1, 3L), 50).size()).isZero();
        assertThat(files()).as("what is of no use is gone").isEmpty();

        views(open(50)).at(end, LIMIT).sandboxes().list(ALL);
        assertThat(open(50).size()).isPositive();
        assertThat(Checkpoints.open(folder, "topic-2", ends(), 50).size()).isZero();
    }

    @Test
    void theirNumberIsBoundedAndTheyStaySpread() {
        fill(500);
        Checkpoints many = open(5);
        views(many).at(new AsOf.Moment(Instant.ofEpochSecond(records.size())), LIMIT).sandboxes().list(ALL);
        assertThat(many.size()).isBetween(16, 32);
    }

    private List<Path> files() throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            return files.toList();
        }
    }
}
