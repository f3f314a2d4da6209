package io.openshell.projection.fold;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.openshell.log.Entry;
import io.openshell.log.LogRecord;
import io.openshell.log.Position;
import io.openshell.model.Command;
import io.openshell.model.CommandEnvelope;
import io.openshell.model.StreamCommand;
import io.openshell.model.StreamId;
import io.openshell.model.policy.BuiltInPolicies;
import io.openshell.model.sandbox.Drafts;
import io.openshell.model.sandbox.Enforcement;
import io.openshell.model.sandbox.SandboxCommand;
import io.openshell.model.sandbox.SandboxState;
import io.openshell.wire.events.CommandCodec;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SnapshotsTest {

    private static final String TOPIC = "topic-1";

    @TempDir
    Path folder;

    /** A log as random commands make it, with records that cannot be read here and there. */
    private static List<LogRecord> log(long seed, int commands) {
        SplittableRandom random = new SplittableRandom(seed);
        EventFold fold = new EventFold();
        CommandDecisions decisions = new CommandDecisions(fold, (partition, offset) -> true);
        List<LogRecord> log = new ArrayList<>();
        for (int i = 0; i < commands; i++) {
            StreamId stream = StreamId.sandbox("w", "s" + random.nextInt(5));
            if (random.nextInt(40) == 0) {
                add(log, fold, stream.toString(), new byte[] {(byte) random.nextInt()});
            }
            CommandEnvelope command = random.nextBoolean()
                    ? TestCommands.user("c" + i, stream, asked(random, fold, stream))
                    : TestCommands.agent(stream, reported(random, fold, stream));
            byte[] bytes = CommandCodec.encode(command);
            List<Entry> events = decisions.decide(new LogRecord(new Position(0, i), Instant.EPOCH, stream.toString(), bytes)).events();
            decisions.committed();
            events.forEach(each -> add(log, fold, each.stream(), each.event()));
        }
        return log;
    }

    private static void add(List<LogRecord> log, EventFold fold, String stream, byte[] event) {
        LogRecord record = new LogRecord(new Position(0, log.size()), Instant.EPOCH, stream, event);
        log.add(record);
        fold.onRecords(List.of(record));
    }

    private static Command asked(SplittableRandom random, EventFold fold, StreamId stream) {
        Optional<Long> poison = fold.image().poison(stream).map(p -> p.version());
        if (poison.isPresent() && random.nextBoolean()) {
            return new StreamCommand.SkipEvent(poison.get());
        }
        return switch (random.nextInt(6)) {
            case 0 -> TestCommands.create(stream);
            case 4 -> new SandboxCommand.DecideDraft("d" + random.nextInt(3),
                    Drafts.Verdict.values()[random.nextInt(Drafts.Verdict.values().length)], "why", Optional.empty());
            case 1 -> new SandboxCommand.Stop();
            case 2 -> new SandboxCommand.Start(Optional.of(TestCommands.NODE));
            case 3 -> new SandboxCommand.Delete();
            default -> new SandboxCommand.SetPolicy(
                    BuiltInPolicies.restrictive(), Map.of("n", "" + random.nextInt(3)), 0);
        };
    }

    private static Command reported(SplittableRandom random, EventFold fold, StreamId stream) {
        Optional<SandboxState.Live> live = fold.image().find(stream)
                .map(StreamState::state)
                .filter(SandboxState.Live.class::isInstance)
                .map(SandboxState.Live.class::cast);
        long epoch = live.map(each -> each.placement().epoch()).orElse(1L);
        return switch (random.nextInt(5)) {
            case 0 -> new SandboxCommand.ReportStopped(epoch);
            case 1 -> new SandboxCommand.ReportRemoved(live.map(each -> each.request().sandboxId()).orElse("none"));
            case 2 -> new SandboxCommand.ReportMainExited(epoch, "i" + epoch, random.nextInt(256));
            case 3 -> new SandboxCommand.ReportPolicyLoaded(1 + random.nextInt(3), random.nextInt(9));
            default -> new SandboxCommand.ReportEnforced(
                    new Enforcement(epoch, "i" + epoch, List.of(), Map.of("k", "v"), 1), 1);
        };
    }

    private static byte[] bytes(EventFold fold) throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        SnapshotCodec.write(fold.snapshot().orElseThrow(), TOPIC, out);
        return out.toByteArray();
    }

    @Test
    void goingOnFromASnapshotEqualsReadingEverything() throws IOException {
        for (long seed = 1; seed <= 60; seed++) {
            List<LogRecord> log = log(seed, 120);
            EventFold whole = new EventFold();
            whole.onRecords(log);

            int cut = new SplittableRandom(seed).nextInt(log.size());
            EventFold first = new EventFold();
            log.subList(0, cut).forEach(each -> first.onRecords(List.of(each)));
            while (first.snapshot().isEmpty()) {
                first.onRecords(List.of(log.get(cut++)));
            }
            FoldSnapshot kept = SnapshotCodec.read(new ByteArrayInputStream(bytes(first)), TOPIC);
            EventFold restored = new EventFold(Optional.of(kept), () -> {});
            assertThat(bytes(restored)).as("seed %d, as written", seed).isEqualTo(bytes(first));
            assertThat(kept.positions()).isEqualTo(cut == 0 ? Map.of() : Map.of(0, (long) cut));
            restored.onRecords(log.subList(cut, log.size()));

            assertThat(bytes(restored)).as("seed %d, cut at %d", seed, cut).isEqualTo(bytes(whole));
        }
    }

    private Snapshots open(String topic, long end) {
        return Snapshots.open(folder.resolve("fold.snapshot"), topic, Map.of(0, end), 1_000_000, Checkpoints.none());
    }

    private long written(long seed) {
        List<LogRecord> log = log(seed, 50);
        try (Snapshots snapshots = open(TOPIC, 1_000)) {
            snapshots.fold().onRecords(log);
        }
        return log.size();
    }

    @Test
    void aStartUsesTheSnapshotOfTheLastEnd() {
        long length = written(3);

        Snapshots again = open(TOPIC, length);

        assertThat(again.positions()).isEqualTo(Map.of(0, length));
        assertThat(again.restored()).isPositive();
        assertThat(again.written()).isPresent();
    }

    @Test
    void aSnapshotOfAnotherLogOrOfALongerOneIsNotUsed() {
        long length = written(4);
        assertThat(open(TOPIC, length).positions()).isNotEmpty();

        assertThat(open("topic-2", length).positions()).isEmpty();
        assertThat(open(TOPIC, length - 1).positions()).isEmpty();
    }

    @Test
    void aDamagedOrShortenedSnapshotIsNotUsed() throws IOException {
        long length = written(5);
        Path file = folder.resolve("fold.snapshot");
        byte[] whole = Files.readAllBytes(file);
        assertThat(open(TOPIC, length).positions()).isNotEmpty();

        for (int at = 0; at < whole.length; at += 97) {
            byte[] damaged = whole.clone();
            damaged[at] ^= 0x10;
            Files.write(file, damaged);
            assertThat(open(TOPIC, length).positions()).as("byte %d", at).isEmpty();
        }
        for (int size : new int[] {0, 1, 31, 32, 33, whole.length / 2, whole.length - 1}) {
            Files.write(file, java.util.Arrays.copyOf(whole, size));
            assertThat(open(TOPIC, length).positions()).as("cut to %d", size).isEmpty();
        }
    }

    @Test
    void aSnapshotOfAnotherReleaseIsRefused() {
        assertThatThrownBy(() -> SnapshotCodec.read(new ByteArrayInputStream(new byte[] {2, 8, 99}), TOPIC))
                .isInstanceOf(SnapshotCodec.Unusable.class).hasMessageContaining("another release");
    }
}
