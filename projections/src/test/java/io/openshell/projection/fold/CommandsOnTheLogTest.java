package io.openshell.projection.fold;

import static io.openshell.projection.fold.TestCommands.NODE;
import static io.openshell.projection.fold.TestCommands.create;
import static io.openshell.projection.fold.TestCommands.enforced;
import static io.openshell.projection.fold.TestCommands.register;
import static io.openshell.projection.fold.TestCommands.user;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.InstanceOfAssertFactories.type;

import io.openshell.log.kafka.Topics;
import io.openshell.model.CommandEnvelope;
import io.openshell.model.CommandRejected;
import io.openshell.model.Outcome;
import io.openshell.model.RejectionCode;
import io.openshell.model.StreamId;
import io.openshell.model.sandbox.Phase;
import io.openshell.model.sandbox.SandboxCommand;
import io.openshell.model.sandbox.SandboxEvent;
import io.openshell.projection.history.History;
import io.openshell.projection.sandboxes.SandboxChange;
import io.openshell.projection.sandboxes.SandboxQuery;
import io.openshell.projection.sandboxes.SandboxView;
import io.openshell.wire.events.CommandCodec;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class CommandsOnTheLogTest {
    final String workspace = "w-" + UUID.randomUUID();
    final StreamId stream = StreamId.sandbox(workspace, "demo");
    Gateway gateway;

    @BeforeEach
    void open() {
        gateway = new Gateway();
    }

    @AfterEach
    void close() {
        gateway.close();
        assertThat(gateway.stops).isEmpty();
    }

    @Test
    void aCreatedSandboxIsShownOnceItsOutcomeIsKnown() {
        SandboxCommand.Create create = create(stream);
        assertThat(gateway.asUser(stream, create)).isEqualTo(new Outcome.Applied(stream, 3));
        SandboxView view = gateway.sandboxes.find(workspace, "demo").orElseThrow();
        assertThat(view.state().request()).isEqualTo(create.request());
        assertThat(view.state().placement().node()).isEqualTo(NODE);
        assertThat(view.version()).isEqualTo(3);
        assertThat(gateway.sandboxes.byId(view.id())).contains(view);
        assertThat(gateway.sandboxes.list(all())).containsExactly(view);
    }

    @Test
    void aTakenNameIsRefusedAndTheRefusalStandsInTheLog() {
        assertThat(gateway.asUser(stream, create(stream))).isInstanceOf(Outcome.Applied.class);
        assertThat(gateway.asUser(stream, create(stream)))
                .asInstanceOf(type(Outcome.Refused.class))
                .extracting(refused -> refused.rejection().code())
                .isEqualTo(RejectionCode.SANDBOX_NAME_TAKEN);
        History.Entry last = gateway.history.of(stream, Await.LIMIT).getLast();
        assertThat(last.event().version()).isEqualTo(4);
        assertThat(last.event().event()).asInstanceOf(type(CommandRejected.class))
                .extracting(CommandRejected::command)
                .isEqualTo("Create");
    }

    @Test
    void aCommandSentAgainHasOneEffectAndTheSameOutcome() {
        CommandEnvelope command = user("once-" + workspace, stream, create(stream));
        Outcome first = gateway.submit(command);
        assertThat(gateway.submit(command)).isEqualTo(first).isEqualTo(new Outcome.Applied(stream, 3));
        assertThat(gateway.history.of(stream, Await.LIMIT)).hasSize(3);
    }

    @Test
    void aCommandSentTwiceAtOnceHasOneEffectAndTheSameOutcome() {
        CommandEnvelope command = user("twice-" + workspace, stream, create(stream));
        CompletableFuture<Outcome> first = gateway.bus.submit(command, Await.LIMIT).toCompletableFuture();
        CompletableFuture<Outcome> second = gateway.bus.submit(command, Await.LIMIT).toCompletableFuture();
        assertThat(first.join()).isEqualTo(second.join()).isEqualTo(new Outcome.Applied(stream, 3));
        Await.until("both commands decided", () -> gateway.records(Topics.COMMANDS, stream).size() == 2);
        gateway.asUser(stream, new SandboxCommand.Stop());
        assertThat(gateway.history.of(stream, Await.LIMIT)).hasSize(4);
    }

    @Test
    void aCommandSentAgainAfterARestartHasTheOutcomeItHadBefore() {
        CommandEnvelope applied = user("before-" + workspace, stream, create(stream));
        CommandEnvelope refused = user("refused-" + workspace, stream, create(stream));
        Outcome first = gateway.submit(applied);
        Outcome second = gateway.submit(refused);
        assertThat(second).isInstanceOf(Outcome.Refused.class);
        restart();
        assertThat(gateway.submit(applied)).isEqualTo(first);
        assertThat(gateway.submit(refused)).isEqualTo(second);
        assertThat(gateway.history.of(stream, Await.LIMIT)).hasSize(4);
    }

    @Test
    void oneCommandIdOnTwoStreamsIsTwoCommands() {
        StreamId other = StreamId.sandbox(workspace, "other");
        var first = gateway.bus.submit(user("same-" + workspace, stream, create(stream)), Await.LIMIT);
        var second = gateway.bus.submit(user("same-" + workspace, other, create(other)), Await.LIMIT);
        assertThat(first.toCompletableFuture().join()).isEqualTo(new Outcome.Applied(stream, 3));
        assertThat(second.toCompletableFuture().join()).isEqualTo(new Outcome.Applied(other, 3));
        assertThat(gateway.history.of(other, Await.LIMIT)).extracting(e -> e.event().eventId())
                .doesNotHaveDuplicates()
                .doesNotContainAnyElementsOf(gateway.history.of(stream, Await.LIMIT).stream()
                        .map(e -> e.event().eventId())
                        .toList());
    }

    @Test
    void aFoldFromTheBeginningGivesEqualViews() {
        StreamId gone = StreamId.sandbox(workspace, "gone");
        gateway.asUser(StreamId.node(NODE), register(""));
        gateway.asUser(stream, create(stream, Map.of("team", "a"), NODE));
        gateway.asAgent(stream, enforced());
        gateway.asUser(stream, new SandboxCommand.Stop());
        gateway.asUser(gone, create(gone));
        delete(gone);
        List<SandboxView> before = gateway.sandboxes.list(everywhere());
        var nodes = gateway.nodes.nodes();
        restart();
        assertThat(before).extracting(SandboxView::name).contains("demo").doesNotContain("gone");
        assertThat(gateway.sandboxes.list(everywhere())).isEqualTo(before);
        assertThat(gateway.nodes.nodes()).isEqualTo(nodes).isNotEmpty();
        assertThat(gateway.nodes.place()).contains(NODE);
        assertThat(gateway.fold.image().find(stream).orElseThrow().lastHash()).hasSize(64);
    }

    @Test
    void aDeletedSandboxLeavesTheViewsAndKeepsItsHistoryOverARestart() {
        gateway.asUser(stream, create(stream));
        String id = gateway.sandboxes.find(workspace, "demo").orElseThrow().id();
        delete(stream);
        List<History.Entry> before = gateway.history.of(stream, Await.LIMIT);
        for (int i = 0; i < 2; i++) {
            assertThat(gateway.sandboxes.find(workspace, "demo")).isEmpty();
            assertThat(gateway.sandboxes.byId(id)).isEmpty();
            assertThat(gateway.sandboxes.list(all())).isEmpty();
            assertThat(gateway.history.of(stream, Await.LIMIT)).isEqualTo(before);
            restart();
        }
        assertThat(before).extracting(e -> e.event().event().getClass().getSimpleName()).containsExactly(
                "SandboxRequested", "PolicyRevisionStored", "SandboxAssigned", "DeleteRequested", "SandboxDeleted");
        assertThat(before).extracting(e -> e.event().version()).containsExactly(1L, 2L, 3L, 4L, 5L);
        assertThat(before).isSortedAccordingTo((a, b) -> a.logTime().compareTo(b.logTime()));
        assertThat(gateway.history.audit(stream, Await.LIMIT).findings()).isEmpty();
        assertThat(gateway.asUser(stream, create(stream))).isEqualTo(new Outcome.Applied(stream, 8));
    }

    @Test
    void subscribersAreToldOfEveryCommandOnceAndOnlyOfWholeOnes() {
        List<SandboxChange> told = new CopyOnWriteArrayList<>();
        try (var subscription = gateway.sandboxes.onChange(told::add)) {
            gateway.asUser(stream, create(stream));
            gateway.asAgent(stream, enforced());
            delete(stream);
            gateway.asUser(stream, new SandboxCommand.Stop());
        }
        gateway.asUser(stream, create(stream));
        assertThat(told).hasSize(4);
        assertThat(told.subList(0, 3)).allSatisfy(change -> assertThat(change).isInstanceOf(SandboxChange.Updated.class));
        assertThat(told.subList(0, 3)).extracting(change -> ((SandboxChange.Updated) change).view().version())
                .containsExactly(3L, 6L, 7L);
        assertThat(((SandboxChange.Updated) told.get(1)).view().state().phase()).isEqualTo(Phase.READY);
        assertThat(told.get(3)).isInstanceOf(SandboxChange.Removed.class);
    }

    @Test
    void aCommandUnderAnotherStreamsKeyIsLeftOutAndStopsNobody() throws Exception {
        gateway.asUser(stream, create(stream));
        int partition = gateway.records(Topics.COMMANDS, stream).getFirst().position().partition();
        StreamId other = StreamId.sandbox(workspace, "smuggled");
        byte[] smuggled = CommandCodec.encode(user(other, create(other)));
        gateway.write(Topics.COMMANDS, partition, stream.toString(), smuggled);
        gateway.write(Topics.COMMANDS, partition, stream.toString(), new byte[] {1, 2, 3});
        gateway.write(Topics.COMMANDS, partition, stream.toString(),
                CommandCodec.encode(user(stream, register(""))));
        gateway.write(Topics.COMMANDS, partition, stream.toString(), null);
        assertThat(gateway.asUser(stream, new SandboxCommand.Delete())).isInstanceOf(Outcome.Applied.class);
        assertThat(gateway.decisions.ignored()).isEqualTo(4);
        assertThat(gateway.sandboxes.find(workspace, "smuggled")).isEmpty();
    }

    @Test
    void aNodeNoFeedCanBeNamedAfterStopsNobody() {
        StreamId other = StreamId.sandbox(workspace, "misplaced");
        gateway.bus.submit(user(other, create(other, Map.of(), "no such/name")), Await.LIMIT);
        assertThat(gateway.asUser(stream, create(stream))).isInstanceOf(Outcome.Applied.class);
        Await.until("the other command ignored", () -> gateway.decisions.ignored() == 1);
        assertThat(gateway.asUser(other, create(other))).isInstanceOf(Outcome.Applied.class);
    }

    @Test
    void aHistoryTellsWhoAskedWithTheEventsOfOneCommandTogether() {
        gateway.asUser(stream, create(stream));
        List<History.Entry> entries = gateway.history.of(stream, Await.LIMIT);
        assertThat(entries).extracting(e -> e.event().remaining()).containsExactly(2, 1, 0);
        assertThat(entries.getFirst().event().event()).isInstanceOf(SandboxEvent.SandboxRequested.class);
        assertThat(entries.getFirst().event().context().actor().subject()).isEqualTo("ada");
        assertThat(gateway.history.of(StreamId.sandbox(workspace, "never"), Await.LIMIT)).isEmpty();
    }

    private void delete(StreamId which) {
        String id = gateway.sandboxes
                .list(all()).stream()
                .filter(view -> StreamId.sandbox(view.workspace(), view.name()).equals(which))
                .findFirst()
                .orElseThrow()
                .id();
        assertThat(gateway.asUser(which, new SandboxCommand.Delete())).isInstanceOf(Outcome.Applied.class);
        assertThat(gateway.asAgent(which, new SandboxCommand.ReportRemoved(id))).isInstanceOf(Outcome.Applied.class);
    }

    private void restart() {
        gateway.close();
        assertThat(gateway.stops).isEmpty();
        gateway = new Gateway();
    }

    private SandboxQuery all() {
        return new SandboxQuery(Optional.of(workspace), Map.of(), 0, 1_000);
    }

    private static SandboxQuery everywhere() {
        return new SandboxQuery(Optional.empty(), Map.of(), 0, 10_000);
    }
}
