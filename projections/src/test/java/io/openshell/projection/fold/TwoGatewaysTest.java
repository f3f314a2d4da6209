package io.openshell.projection.fold;

import static io.openshell.projection.fold.TestCommands.create;
import static io.openshell.projection.fold.TestCommands.user;
import static org.assertj.core.api.Assertions.assertThat;

import io.openshell.log.kafka.Topics;
import io.openshell.model.CommandEnvelope;
import io.openshell.model.Outcome;
import io.openshell.model.StreamId;
import io.openshell.model.sandbox.SandboxCommand;
import io.openshell.projection.sandboxes.SandboxQuery;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class TwoGatewaysTest {
    final String workspace = "g-" + UUID.randomUUID();
    final List<StreamId> streams = IntStream.range(0, 16).mapToObj(i -> StreamId.sandbox(workspace, "s" + i)).toList();
    final Gateway first = new Gateway();
    final Gateway second = new Gateway();

    @AfterEach
    void close() {
        first.close();
        second.close();
        assertThat(first.stops).isEmpty();
        assertThat(second.stops).isEmpty();
    }

    @Test
    void whoeverDecidesTheCallersGatewayAnswersFromItsOwnFold() {
        shareThePartitions();
        for (StreamId stream : streams) {
            assertThat(first.asUser(stream, create(stream))).isEqualTo(new Outcome.Applied(stream, 3));
            assertThat(first.fold.image().find(stream).orElseThrow().version()).isEqualTo(3);
            assertThat(second.asUser(stream, new SandboxCommand.Delete())).isEqualTo(new Outcome.Applied(stream, 4));
            assertThat(second.fold.image().find(stream).orElseThrow().version()).isEqualTo(4);
        }
        Await.until("the first gateway has folded it too", () -> streams.stream()
                .allMatch(s -> first.fold.image().find(s).orElseThrow().version() == 4));
        assertThat(first.sandboxes.list(query())).isEqualTo(second.sandboxes.list(query())).hasSize(streams.size());
    }

    @Test
    void whenAGatewayGoesTheOtherDecidesAllAndKnowsWhatWasDone() {
        shareThePartitions();
        List<CommandEnvelope> commands = streams.stream().map(stream -> user(stream, create(stream))).toList();
        List<Outcome> before = commands.stream().map(first::submit).toList();
        first.close();
        assertThat(commands.stream().map(second::submit).toList()).isEqualTo(before);
        for (StreamId stream : streams) {
            assertThat(second.asUser(stream, new SandboxCommand.Delete())).isEqualTo(new Outcome.Applied(stream, 4));
            assertThat(second.history.audit(stream, Await.LIMIT).findings()).isEmpty();
        }
    }

    private void shareThePartitions() {
        Await.until("both decide", () -> !first.loop.status().deciding().isEmpty()
                && !second.loop.status().deciding().isEmpty()
                && first.loop.status().deciding().size() + second.loop.status().deciding().size() == Topics.PARTITIONS);
    }

    private SandboxQuery query() {
        return new SandboxQuery(Optional.of(workspace), Map.of(), 0, 1_000);
    }
}
