package io.openshell.projection.fold;

import static org.assertj.core.api.Assertions.assertThat;

import io.openshell.log.kafka.Topics;
import io.openshell.model.CommandEnvelope;
import io.openshell.model.CommandRejected;
import io.openshell.model.Outcome;
import io.openshell.model.Rejection;
import io.openshell.model.RejectionCode;
import io.openshell.model.StreamId;
import io.openshell.model.sandbox.SandboxCommand;
import io.openshell.wire.events.EventCodec;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.junit.jupiter.api.Test;

class RepeatedRefusalsTest {
    private static final Rejection UNKNOWN = new Rejection(RejectionCode.SANDBOX_UNKNOWN, "no");
    private static final long WINDOW = RepeatedRefusals.WINDOW.toNanos();

    private static CommandEnvelope stop(String name) {
        return TestCommands.user(StreamId.sandbox("w", name), new SandboxCommand.Stop());
    }

    @Test
    void onlyRefusalsLikeTheRecordedOneAreCountedAndOnlyForAWhile() {
        RepeatedRefusals refusals = new RepeatedRefusals();
        assertThat(refusals.again(stop("a"), UNKNOWN, 0)).isEmpty();
        refusals.recorded(stop("a"), UNKNOWN, 0);

        assertThat(refusals.again(stop("a"), UNKNOWN, 1)).contains(UNKNOWN);
        assertThat(refusals.again(stop("a"), UNKNOWN, WINDOW - 1)).contains(UNKNOWN);
        assertThat(refusals.again(stop("b"), UNKNOWN, 1)).isEmpty();
        assertThat(refusals.again(stop("a"), new Rejection(RejectionCode.SANDBOX_BEING_DELETED, "no"), 1)).isEmpty();
        assertThat(refusals.again(stop("a"), UNKNOWN, WINDOW)).isEmpty();
        assertThat(refusals.due(Optional.of(WINDOW - 1))).isEmpty();
        assertThat(refusals.due(Optional.of(WINDOW))).singleElement()
                .satisfies(counted -> assertThat(counted.count()).isEqualTo(2));
        assertThat(refusals.due(Optional.empty())).isEmpty();
    }

    @Test
    void theOldestKindIsHandedOutWhenTooManyAreCounted() {
        RepeatedRefusals refusals = new RepeatedRefusals();
        refusals.recorded(stop("first"), UNKNOWN, 0);
        refusals.again(stop("first"), UNKNOWN, 1);
        for (int i = 1; i < RepeatedRefusals.MOST; i++) {
            assertThat(refusals.recorded(stop("s" + i), UNKNOWN, 2)).isEmpty();
        }
        assertThat(refusals.recorded(stop("last"), UNKNOWN, 3)).singleElement()
                .satisfies(counted -> assertThat(counted.last().stream().path()).isEqualTo("w/first"));
    }

    @Test
    void somebodyRefusedAThousandTimesLeavesTwoEventsWithTheCount() {
        try (Gateway gateway = new Gateway()) {
            StreamId stream = StreamId.sandbox("w-" + UUID.randomUUID(), "none");
            try (CountingBus bus = new CountingBus(gateway.bus, gateway.fold)) {
                for (int i = 0; i < 1_000; i++) {
                    Outcome outcome = bus.submit(TestCommands.user(stream, new SandboxCommand.Stop()), Await.LIMIT)
                            .toCompletableFuture().join();
                    assertThat(outcome).isInstanceOf(Outcome.Refused.class);
                }
                assertThat(gateway.records(Topics.EVENTS, stream)).hasSize(1);
            }
            Await.until("the count is recorded", () -> gateway.records(Topics.EVENTS, stream).size() == 2);
            List<Integer> counts = gateway.records(Topics.EVENTS, stream).stream()
                    .map(each -> ((CommandRejected) EventCodec.decode(each.value()).event()).count()).toList();
            assertThat(counts).containsExactly(1, 999);
        }
    }
}
