package io.openshell.projection.fold;

import static io.openshell.projection.fold.TestCommands.create;
import static io.openshell.projection.fold.TestCommands.user;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.openshell.log.CommandLog;
import io.openshell.log.LogUnavailable;
import io.openshell.log.Position;
import io.openshell.model.CommandEnvelope;
import io.openshell.model.Outcome;
import io.openshell.model.StreamId;
import io.openshell.projection.CommandBus.Unavailable;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.junit.jupiter.api.Test;

class LogCommandBusTest {
    static final Duration LONG = Duration.ofMinutes(5);
    final StreamId stream = StreamId.sandbox("w", "demo");
    final CommandEnvelope command = user("c-1", stream, create(stream));
    final EventFold fold = new EventFold();
    final CompletableFuture<Position> answer = new CompletableFuture<>();
    int appended;
    final LogCommandBus bus = new LogCommandBus(new CommandLog() {
        @Override
        public CompletionStage<Position> append(String key, byte[] bytes) {
            appended++;
            return answer;
        }

        @Override
        public void close() {}
    }, fold);

    @Test
    void theOutcomeComesOnceTheFoldHasPassedTheLastEvent() {
        var outcome = bus.submit(command, LONG).toCompletableFuture();
        var records = new Written(stream).command("c-1", Written.created(stream));
        fold.onRecords(records.subList(0, 2));
        assertThat(outcome).isNotDone();
        fold.onRecords(records.subList(2, 3));
        assertThat(outcome).isCompletedWithValue(new Outcome.Applied(stream, 3));
        assertThat(fold.outcomes().size()).isZero();
    }

    @Test
    void aLogThatRefusesEndsTheWaitAndFreesItsPlace() {
        var outcome = bus.submit(command, LONG).toCompletableFuture();
        answer.completeExceptionally(new LogUnavailable(LogUnavailable.Cause.FULL, "too many commands are waiting"));
        assertThatThrownBy(outcome::join).cause().isInstanceOf(Unavailable.class).hasMessageContaining("too many commands");
        assertThat(fold.outcomes().size()).isZero();
    }

    @Test
    void aCommandTurnedAwayBecauseTooManyWaitIsNotSent() {
        for (int i = 0; i < Outcomes.CAPACITY; i++) {
            fold.outcomes().await(stream, command.context().commandId(), "", LONG);
        }
        var outcome = bus.submit(command, LONG).toCompletableFuture();
        assertThatThrownBy(outcome::join).cause().isInstanceOf(Unavailable.class);
        assertThat(appended).isZero();
    }

    @Test
    void aKnownOutcomeNeedsNoLog() {
        fold.onRecords(new Written(stream).command("c-1", Written.created(stream)));
        assertThat(bus.submit(command, LONG).toCompletableFuture()).isCompletedWithValue(new Outcome.Applied(stream, 3));
        assertThat(appended).isZero();
        assertThat(fold.outcomes().size()).isZero();
    }
}
