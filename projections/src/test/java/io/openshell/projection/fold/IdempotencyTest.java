package io.openshell.projection.fold;

import static org.assertj.core.api.Assertions.assertThat;

import io.openshell.log.kafka.Topics;
import io.openshell.model.CommandEnvelope;
import io.openshell.model.CommandId;
import io.openshell.model.Context;
import io.openshell.model.Outcome;
import io.openshell.model.RejectionCode;
import io.openshell.model.StreamCommand;
import io.openshell.model.StreamId;
import io.openshell.model.node.NodeCommand;
import io.openshell.model.node.NodeDescription;
import io.openshell.projection.CommandBus;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CompletionException;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

class IdempotencyTest {
    private static Gateway gateway;
    private static Gateway other;

    @BeforeAll
    static void start() {
        gateway = new Gateway();
        other = new Gateway();
    }

    @AfterAll
    static void stop() {
        other.close();
        gateway.close();
    }

    private static CommandEnvelope call(StreamId stream, String incarnation, String digest) {
        return call(stream, incarnation, digest, UUID.randomUUID().toString());
    }

    private static CommandEnvelope call(StreamId stream, String incarnation, String digest, String id) {
        CommandEnvelope plain = TestCommands.user(
                stream, new NodeCommand.Register(new NodeDescription("h", List.of(), List.of(), "takes no sandboxes"), incarnation));
        Context c = plain.context();
        return new CommandEnvelope(stream, new Context(new CommandId(id), c.correlationId(),
                c.traceId(), c.actor(), c.originAddress(), c.assertedBy(), c.time(), digest), plain.command());
    }

    private static StreamId node() {
        return StreamId.node("n-" + UUID.randomUUID());
    }

    @Test
    void aRetryAtAnotherGatewayHasTheFirstOutcomeAndNoSecondEffect() {
        StreamId stream = node();
        CommandEnvelope command = call(stream, "1", "aa");
        Outcome first = gateway.submit(command);
        gateway.submit(call(stream, "2", "bb"));

        assertThat(first).isInstanceOf(Outcome.Applied.class);
        assertThat(other.submit(command)).isEqualTo(first);
        assertThat(gateway.records(Topics.EVENTS, stream)).hasSize(2);
    }

    @Test
    void aRetryBehindManyOtherCommandsOfItsStreamIsStillRecognised() {
        StreamId stream = node();
        CommandEnvelope command = call(stream, "first", "aa");
        Outcome first = gateway.submit(command);
        for (int i = 0; i <= RecentCommands.REMEMBERED; i++) {
            gateway.submit(call(stream, "i" + i, "c" + i % 10));
        }

        assertThat(gateway.submit(command)).isEqualTo(first);
        assertThat(gateway.records(Topics.EVENTS, stream)).hasSize(RecentCommands.REMEMBERED + 2);
    }

    @Test
    void anIdUsedForAnotherRequestIsRefusedOnItsStreamAndOnOthers() {
        StreamId stream = node();
        String id = UUID.randomUUID().toString();
        assertThat(gateway.submit(call(stream, "1", "aa", id))).isInstanceOf(Outcome.Applied.class);

        assertThat(gateway.submit(call(stream, "2", "bb", id))).isInstanceOfSatisfying(
                Outcome.Refused.class, r -> assertThat(r.rejection().code()).isEqualTo(RejectionCode.COMMAND_ID_REUSED));
        assertThat(gateway.submit(call(node(), "1", "cc", id))).isInstanceOfSatisfying(
                Outcome.Refused.class, r -> assertThat(r.rejection().code()).isEqualTo(RejectionCode.COMMAND_ID_REUSED));
        assertThat(gateway.records(Topics.EVENTS, stream)).hasSize(1);
    }

    @Test
    void aCallerThatGaveUpDoesNotTakeItsCommandBack() {
        StreamId stream = node();
        CommandEnvelope command = call(stream, "1", "aa");
        gateway.bus.submit(command, Await.LIMIT).toCompletableFuture().cancel(true);

        Await.until("the fold", () -> gateway.fold.image().find(stream).isPresent());
        assertThat(gateway.submit(command)).isInstanceOf(Outcome.Applied.class);
        assertThat(gateway.records(Topics.EVENTS, stream)).hasSize(1);
    }

    /** Asked again under the same id for as long as there is no answer, as callers may. */
    private static Outcome answered(CommandEnvelope command) {
        while (true) {
            try {
                return gateway.submit(command);
            } catch (CompletionException unavailable) {
                assertThat(unavailable).hasCauseInstanceOf(CommandBus.Unavailable.class);
            }
        }
    }

    @Test
    void aSkippedRecordLetsItsStreamGoOnAndOnlyThere() throws Exception {
        StreamId stream = node();
        gateway.submit(call(stream, "1", "aa"));
        int partition = gateway.records(Topics.EVENTS, stream).getFirst().position().partition();
        gateway.writeEvent(partition, stream.toString(), new byte[] {1, 2, 3});
        Await.until("the fold", () -> gateway.fold.poisoned().contains(stream.toString())
                && other.fold.poisoned().contains(stream.toString()));
        assertThat(gateway.submit(call(stream, "2", "bb"))).isInstanceOf(Outcome.Refused.class);
        assertThat(gateway.fold.poison()).filteredOn(p -> p.stream().equals(stream.toString()))
                .singleElement().satisfies(p -> assertThat(p.version()).isEqualTo(2));

        Outcome skipped = answered(TestCommands.user(stream, new StreamCommand.SkipEvent(2)));

        assertThat(skipped).isEqualTo(new Outcome.Applied(stream, 2));
        assertThat(gateway.submit(call(stream, "3", "cc"))).isEqualTo(new Outcome.Applied(stream, 3));
        Await.until("the fold", () -> !other.fold.poisoned().contains(stream.toString()));
        assertThat(gateway.submit(TestCommands.user(stream, new StreamCommand.SkipEvent(9)))).isInstanceOfSatisfying(
                Outcome.Refused.class,
                r -> assertThat(r.rejection().code()).isEqualTo(RejectionCode.STREAM_NOT_POISONED));
    }
}
