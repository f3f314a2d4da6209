package io.openshell.projection.fold;

import static org.assertj.core.api.Assertions.assertThat;

import io.openshell.log.LogRecord;
import io.openshell.log.kafka.EventsTopic;
import io.openshell.log.kafka.KafkaTopicScan;
import io.openshell.log.kafka.Topics;
import io.openshell.model.Command;
import io.openshell.model.Outcome;
import io.openshell.model.StreamId;
import io.openshell.model.sandbox.SandboxCommand;
import io.openshell.projection.nodes.NodeViews;
import io.openshell.projection.past.AsOf;
import io.openshell.projection.past.Views;
import io.openshell.projection.sandboxes.SandboxQuery;
import io.openshell.projection.sandboxes.SandboxView;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Reads are recorded while events flow; later, the same reads of the past must equal them. */
class PastOnTheLogTest {
    private static final int WRITERS = 3;
    private static final int COMMANDS = 12;
    private static final Duration LIMIT = Duration.ofSeconds(20);

    private final String workspace = "w-" + UUID.randomUUID();
    private final SandboxQuery mine = new SandboxQuery(Optional.of(workspace), Map.of(), 0, 1_000);
    private Gateway gateway;
    private ReplayedViews past;
    private Checkpoints checkpoints;

    @TempDir
    Path folder;

    /** What a reader saw of one sandbox right after its own command. */
    private record Seen(StreamId stream, long version, Optional<SandboxView> view) {}

    @BeforeEach
    void open() {
        gateway = new Gateway();
        EventsTopic topic = EventsTopic.of(gateway.settings);
        // So many that questions start at one, and none so late that there is nothing left to fold.
        checkpoints = Checkpoints.open(folder, topic.id(), topic.ends(), 40);
        past = new ReplayedViews(new KafkaTopicScan(gateway.settings), Topics.EVENTS, Clock.systemUTC(), checkpoints);
    }

    @AfterEach
    void close() {
        gateway.close();
        assertThat(gateway.stops).isEmpty();
    }

    @Test
    void whatWasReadThenIsReadAgainLater() throws Exception {
        long seed = new Random().nextLong();
        List<Seen> first = flow(seed);
        Instant between = quiet();
        List<SandboxView> listed = gateway.sandboxes.list(mine);
        List<NodeViews.NodeView> nodes = gateway.nodes.nodes();
        List<Seen> second = flow(seed + 1);
        Instant end = quiet();

        Views then = past.at(new AsOf.Moment(between), LIMIT);
        assertThat(then.sandboxes().list(mine)).as("seed %d", seed).isEqualTo(listed);
        assertThat(then.nodes().nodes()).as("seed %d", seed).isEqualTo(nodes);
        assertThat(checkpoints.size()).as("the first list left some for later questions").isPositive();
        for (SandboxView view : listed) {
            assertThat(then.sandboxes().byId(view.id())).contains(view);
        }
        assertThat(past.at(new AsOf.Moment(end), LIMIT).sandboxes().list(mine)).isEqualTo(gateway.sandboxes.list(mine));
        List<Seen> all = new ArrayList<>(first);
        all.addAll(second);
        for (Seen seen : sample(all, new Random(seed))) {
            String[] path = seen.stream().path().split("/");
            AsOf event = new AsOf.AtEvent(seen.stream(), seen.version());
            assertThat(past.at(event, LIMIT).sandboxes().find(path[0], path[1]))
                    .as("seed %d, %s", seed, event).isEqualTo(seen.view());
            LogRecord record = gateway.records(Topics.EVENTS, seen.stream()).get((int) seen.version() - 1);
            assertThat(past.at(new AsOf.Offset(record.position()), LIMIT).sandboxes().find(path[0], path[1]))
                    .as("seed %d, %s", seed, record.position()).isEqualTo(seen.view());
        }
    }

    @Test
    void aDeletedSandboxIsThereInThePast() {
        StreamId stream = StreamId.sandbox(workspace, "gone");
        gateway.asUser(stream, TestCommands.create(stream));
        SandboxView seen = gateway.sandboxes.find(workspace, "gone").orElseThrow();
        Instant alive = quiet();
        gateway.asUser(stream, new SandboxCommand.Delete());
        gateway.asAgent(stream, new SandboxCommand.ReportRemoved(seen.id()));
        Await.until("it is gone", () -> gateway.sandboxes.find(workspace, "gone").isEmpty());

        assertThat(past.at(new AsOf.Moment(alive), LIMIT).sandboxes().find(workspace, "gone")).contains(seen);
        assertThat(past.at(new AsOf.Moment(quiet()), LIMIT).sandboxes().find(workspace, "gone")).isEmpty();
    }

    @Test
    void theServedViewsEqualARebuildWhileEventsFlow() throws Exception {
        ServedViewsCheck check = new ServedViewsCheck(gateway.fold, new KafkaTopicScan(gateway.settings), Topics.EVENTS);
        try (ExecutorService writer = Executors.newSingleThreadExecutor()) {
            Future<List<Seen>> flowing = writer.submit(() -> write("busy", new Random(7)));
            assertThat(check.check(record -> {}, LIMIT).divergence()).isEmpty();
            flowing.get(LIMIT.toSeconds(), TimeUnit.SECONDS);
        }
        assertThat(check.check(record -> {}, LIMIT)).satisfies(found -> {
            assertThat(found.divergence()).isEmpty();
            assertThat(found.events()).isPositive();
        });
    }

    /** Every replay reads the whole log, which other tests fill too, so only some reads are repeated. */
    private static List<Seen> sample(List<Seen> all, Random random) {
        return random.ints(6, 0, all.size()).mapToObj(all::get).toList();
    }

    private List<Seen> flow(long seed) throws Exception {
        List<Seen> seen = new ArrayList<>();
        try (ExecutorService writers = Executors.newFixedThreadPool(WRITERS)) {
            List<Callable<List<Seen>>> work = new ArrayList<>();
            for (int i = 0; i < WRITERS; i++) {
                String name = "box-" + i;
                Random random = new Random(seed + i);
                work.add(() -> write(name, random));
            }
            for (Future<List<Seen>> each : writers.invokeAll(work)) {
                seen.addAll(each.get());
            }
        }
        return seen;
    }

    /** Random commands to one name, which only this thread writes to; accepted or refused, each is an event. */
    private List<Seen> write(String name, Random random) {
        StreamId stream = StreamId.sandbox(workspace, name);
        List<Seen> seen = new ArrayList<>();
        for (int i = 0; i < COMMANDS; i++) {
            if (random.nextInt(4) == 0) {
                gateway.asAgent(StreamId.node(workspace + "-" + random.nextInt(3)), TestCommands.register("busy"));
            }
            Outcome outcome = gateway.asUser(stream, command(stream, random));
            if (outcome instanceof Outcome.Applied applied) {
                seen.add(new Seen(stream, applied.version(), gateway.sandboxes.find(workspace, name)));
            }
        }
        return seen;
    }

    private static Command command(StreamId stream, Random random) {
        return switch (random.nextInt(4)) {
            case 0 -> new SandboxCommand.Stop();
            case 1 -> new SandboxCommand.Start(Optional.of(TestCommands.NODE));
            case 2 -> TestCommands.create(stream, Map.of("round", Integer.toString(random.nextInt(9))), TestCommands.NODE);
            default -> new SandboxCommand.SetPolicy(io.openshell.model.policy.BuiltInPolicies.community(), Map.of(), 0);
        };
    }

    /** A time after everything so far and before everything that comes: the log counts in milliseconds. */
    private static Instant quiet() {
        Instant now = Instant.now();
        Await.until("the clock moves on", () -> Instant.now().toEpochMilli() > now.toEpochMilli() + 1);
        return now;
    }
}
