package io.openshell.projection.fold;

import static org.assertj.core.api.Assertions.assertThat;

import io.openshell.log.CommandLog;
import io.openshell.log.LogRecord;
import io.openshell.log.Position;
import io.openshell.model.Command;
import io.openshell.model.CommandEnvelope;
import io.openshell.model.CommandUnchanged;
import io.openshell.model.Outcome;
import io.openshell.model.RejectionCode;
import io.openshell.model.StreamCommand;
import io.openshell.model.StreamId;
import io.openshell.model.sandbox.SandboxCommand;
import io.openshell.projection.PoisonedStream;
import io.openshell.wire.events.CommandCodec;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/** A gateway that is older than what stands in the log decides nothing there, and everything elsewhere. */
class NewerEventsTest {
    private static final Duration LIMIT = Duration.ofSeconds(5);

    private final StreamId ahead = StreamId.sandbox("w", "ahead");
    private final StreamId level = StreamId.sandbox("w", "level");
    private final EventFold fold = new EventFold();
    private final CommandDecisions decisions = new CommandDecisions(fold, (partition, offset) -> true);
    private final AtomicInteger sent = new AtomicInteger();
    private int offset;

    NewerEventsTest() {
        for (StreamId stream : List.of(ahead, level)) {
            fold.onRecords(new Written(stream).command("c1", Written.created(stream)));
        }
        Written written = new Written(ahead);
        written.command("c1", Written.created(ahead));
        byte[] known = written.command("c2", new CommandUnchanged("Stop")).getFirst().value();
        // The same record in schema version 7: the last one of a field that stands twice counts.
        byte[] newer = Arrays.copyOf(known, known.length + 2);
        newer[known.length] = 0x30;
        newer[known.length + 1] = 7;
        fold.onRecords(List.of(written.record(newer)));
    }

    private int decided(StreamId stream, Command command) {
        offset++;
        CommandEnvelope envelope = TestCommands.user("d" + offset, stream, command);
        int events = decisions.decide(new LogRecord(
                new Position(0, offset), Instant.EPOCH, stream.toString(), CommandCodec.encode(envelope))).events().size();
        decisions.committed();
        return events;
    }

    private Outcome submitted(StreamId stream, Command command) {
        LogCommandBus bus = new LogCommandBus(new CommandLog() {
            @Override
            public CompletableFuture<Position> append(String key, byte[] bytes) {
                sent.incrementAndGet();
                return new CompletableFuture<>();
            }

            @Override
            public void close() {}
        }, fold);
        return bus.submit(TestCommands.user(stream, command), LIMIT).toCompletableFuture().getNow(new Outcome.Applied(stream, -1));
    }

    @Test
    void itSaysThatTheStreamIsOfANewerReleaseAndDecidesNothingThere() {
        assertThat(decided(level, new SandboxCommand.Stop())).as("others go on").isPositive();
        assertThat(decided(ahead, new SandboxCommand.Stop())).isZero();
        assertThat(fold.poison()).singleElement().satisfies(found -> {
            assertThat(found.newer()).isTrue();
            assertThat(found.stream()).isEqualTo(ahead.toString());
            assertThat(found.reason()).contains("newer release", "version 7");
        });
        assertThat(submitted(ahead, new SandboxCommand.Stop())).isInstanceOfSatisfying(Outcome.Refused.class, refused -> {
            assertThat(refused.rejection().code()).isEqualTo(RejectionCode.STREAM_OF_NEWER_RELEASE);
            assertThat(refused.rejection().reason()).contains("newer release", "upgraded");
        });
        assertThat(sent.get()).as("nothing was written").isZero();
    }

    @Test
    void nothingANewerReleaseWroteIsLeftOut() {
        PoisonedStream found = fold.poison().getFirst();
        assertThat(decided(ahead, new StreamCommand.SkipEvent(found.version()))).isZero();
        assertThat(submitted(ahead, new StreamCommand.SkipEvent(found.version()))).isInstanceOf(Outcome.Refused.class);
        assertThat(sent.get()).isZero();
    }

    @Test
    void whatIsKnownOfTheStreamIsServedAndMarked() {
        FoldedSandboxes sandboxes = new FoldedSandboxes(fold);
        assertThat(sandboxes.find("w", "ahead").orElseThrow().stopped()).isPresent();
        assertThat(sandboxes.find("w", "level").orElseThrow().stopped()).isEmpty();
    }
}
