package io.openshell.projection.fold;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.openshell.log.LogRecord;
import io.openshell.log.Position;
import io.openshell.model.CommandId;
import io.openshell.model.StreamId;
import io.openshell.model.sandbox.SandboxEvent;
import io.openshell.projection.CommandBus.Unavailable;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;

class EventFoldTest {
    final EventFold fold = new EventFold();
    final StreamId stream = StreamId.sandbox("w", "demo");
    final Written log = new Written(stream);

    @Test
    void nothingIsAppliedBehindARecordThatWasSetAside() {
        fold.onRecords(log.command("c-1", Written.created(stream)));
        fold.onRecords(List.of(garbage()));
        fold.onRecords(log.command("c-2", new SandboxEvent.DeleteRequested()));
        assertThat(version()).isEqualTo(3);
        assertThat(fold.setAside()).isOne();
        assertThat(fold.poisoned()).containsExactly(stream.toString());
    }

    @Test
    void aCommandWhoseEventsAreNotAllThereHasNoEffect() {
        fold.onRecords(log.command("c-1", Written.created(stream)));
        List<LogRecord> next = log.command("c-2", new SandboxEvent.DeleteRequested(), new SandboxEvent.DeleteRequested());
        fold.onRecords(List.of(next.get(0), garbage(), next.get(1)));
        assertThat(version()).isEqualTo(3);
    }

    @Test
    void anEventWithAnotherPredecessorIsSetAside() {
        fold.onRecords(log.command("c-1", Written.created(stream)));
        Written forged = new Written(stream);
        forged.command("c-x", Written.created(stream));
        fold.onRecords(forged.command("c-y", new SandboxEvent.DeleteRequested()));
        assertThat(version()).isEqualTo(3);
        assertThat(fold.poisoned()).containsExactly(stream.toString());
    }

    @Test
    void anEventThatCannotFollowTheStateIsSetAside() {
        fold.onRecords(log.command("c-1", new SandboxEvent.DeleteRequested()));
        assertThat(fold.image().find(stream)).isEmpty();
        assertThat(fold.poisoned()).containsExactly(stream.toString());
    }

    @Test
    void recordsWithoutKeyOrValueStopNobody() {
        fold.onRecords(List.of(
                new LogRecord(new Position(0, 0), Instant.EPOCH, null, new byte[] {1}),
                new LogRecord(new Position(0, 1), Instant.EPOCH, "sandbox/w/other", null)));
        fold.onRecords(log.command("c-1", Written.created(stream)));
        assertThat(version()).isEqualTo(3);
        assertThat(fold.setAside()).isEqualTo(2);
    }

    @Test
    void whoWaitsForADamagedStreamIsToldAtOnce() {
        var here = fold.outcomes().await(stream, new CommandId("c-2"), "", Duration.ofMinutes(5));
        fold.onRecords(log.command("c-1", Written.created(stream)));
        assertThat(here).isNotDone();
        fold.onRecords(List.of(garbage()));
        assertThatThrownBy(here::join).cause().isInstanceOf(Unavailable.class).hasMessageContaining(stream.toString());
    }

    @Test
    void catchingUpIsToldOnceTheLogSaysSo() {
        assertThat(fold.caughtUp()).isNotDone();
        fold.onCaughtUp();
        assertThat(fold.caughtUp()).isCompleted();
    }

    private LogRecord garbage() {
        return log.record(new byte[] {1, 2, 3});
    }

    private long version() {
        return fold.image().find(stream).orElseThrow().version();
    }
}
