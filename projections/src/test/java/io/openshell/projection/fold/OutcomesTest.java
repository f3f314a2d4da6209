package io.openshell.projection.fold;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.openshell.model.CommandId;
import io.openshell.model.Outcome;
import io.openshell.model.StreamId;
import io.openshell.projection.CommandBus.Unavailable;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class OutcomesTest {
    static final Duration LONG = Duration.ofMinutes(5);
    static final Duration SHORT = Duration.ofMillis(20);
    final StreamId stream = StreamId.sandbox("w", "demo");
    final CommandId id = new CommandId("c-1");
    final Outcome outcome = new Outcome.Applied(stream, 1);
    final Outcomes outcomes = new Outcomes(2);

    @Test
    void everyCallerWithTheSameIdIsTold() {
        var first = outcomes.await(stream, id, "", LONG);
        var second = outcomes.await(stream, id, "", LONG);
        outcomes.complete(stream, new RecentCommands.Entry(id, "", outcome));
        assertThat(first).isCompletedWithValue(outcome);
        assertThat(second).isCompletedWithValue(outcome);
        assertThat(outcomes.size()).isZero();
    }

    @Test
    void theDeadlineEndsAWaitAndFreesItsPlace() {
        fails(outcomes.await(stream, id, "", SHORT), "within");
        assertThat(outcomes.size()).isZero();
    }

    @Test
    void theDeadlineOfOneCallerDoesNotEndTheWaitOfAnother() {
        var patient = outcomes.await(stream, id, "", LONG);
        fails(outcomes.await(stream, id, "", SHORT), "within");
        assertThat(patient).isNotDone();
        outcomes.complete(stream, new RecentCommands.Entry(id, "", outcome));
        assertThat(patient).isCompletedWithValue(outcome);
    }

    @Test
    void oneTooManyIsTurnedAwayAtOnceAndAPlaceThatIsLeftCanBeTaken() {
        var first = outcomes.await(stream, id, "", LONG);
        outcomes.await(stream, new CommandId("c-2"), "", LONG);
        fails(outcomes.await(stream, new CommandId("c-3"), "", LONG), "too many");
        first.completeExceptionally(new Unavailable("the log refused it"));
        assertThat(outcomes.size()).isOne();
        assertThat(outcomes.await(stream, new CommandId("c-4"), "", LONG)).isNotDone();
    }

    @Test
    void theSameIdOnAnotherStreamIsAnotherCommand() {
        var here = outcomes.await(stream, id, "", LONG);
        outcomes.complete(StreamId.sandbox("w", "other"), new RecentCommands.Entry(id, "", outcome));
        assertThat(here).isNotDone();
    }

    @Test
    void aDamagedStreamEndsTheWaitsOfItsCommandsOnly() {
        var here = outcomes.await(stream, id, "", LONG);
        var elsewhere = outcomes.await(StreamId.sandbox("w", "other"), id, "", LONG);
        outcomes.fail(stream.toString(), "damaged");
        fails(here, "damaged");
        assertThat(elsewhere).isNotDone();
    }

    private static void fails(CompletableFuture<Outcome> wait, String why) {
        assertThatThrownBy(() -> wait.get(10, TimeUnit.SECONDS))
                .isInstanceOf(ExecutionException.class)
                .cause()
                .isInstanceOf(Unavailable.class)
                .hasMessageContaining(why);
    }
}
