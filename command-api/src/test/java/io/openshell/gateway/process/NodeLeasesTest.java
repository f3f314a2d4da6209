package io.openshell.gateway.process;

import static org.assertj.core.api.Assertions.assertThat;

import io.openshell.log.LogFaults;
import io.openshell.log.LogRecord;
import io.openshell.log.Position;
import io.openshell.log.RecordListener;
import io.openshell.model.Actor;
import io.openshell.model.CommandEnvelope;
import io.openshell.model.CommandId;
import io.openshell.model.Outcome;
import io.openshell.model.node.NodeCommand;
import io.openshell.model.node.NodeDescription;
import io.openshell.model.node.NodeState;
import io.openshell.projection.CommandBus;
import io.openshell.projection.nodes.NodeBeats;
import io.openshell.projection.nodes.NodeViews;
import io.openshell.wire.events.Heartbeat;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.junit.jupiter.api.Test;

/** A clock that only the test moves. */
class NodeLeasesTest implements CommandBus, LogFaults, RecordListener {
    private static final Duration LEASE = Duration.ofSeconds(20);
    private static final NodeDescription HOST = new NodeDescription("h", List.of("linux"), List.of(), "");

    private final List<CommandEnvelope> told = new ArrayList<>();
    private final List<LogRecord> others = new ArrayList<>();
    private long now = 5_000_000_000L;
    private boolean mine = true;
    private boolean answers = true;
    private NodeState state = registered("a1", LEASE);
    private final NodeBeats beats = new NodeBeats(this, () -> now);
    private final NodeLeases leases = new NodeLeases(new NodeLeases.Ports("g1", () -> List.of(new NodeViews.NodeView("n1", state)),
            beats, this, stream -> mine, () -> answers, Clock.systemUTC(), () -> now, this));

    private static NodeState.Registered registered(String incarnation, Duration lease) {
        return new NodeState.Registered(HOST, incarnation, Instant.EPOCH, lease);
    }

    private void pass(int seconds) {
        for (int i = 0; i < seconds; i++) {
            now += 1_000_000_000L;
            leases.look();
        }
    }

    private void beat(String incarnation) {
        Heartbeat beat = new Heartbeat("n1", incarnation);
        beats.onRecords(List.of(new LogRecord(new Position(0, 0), Instant.EPOCH, beat.key(), beat.encode(Instant.EPOCH))));
    }

    @Test
    void aNodeIsLostWhenItsLeaseHasPassedWithoutASignOfLifeAndNotBefore() {
        beats.onCaughtUp();
        pass(19);
        beat("a1");
        pass(20);
        assertThat(told).isEmpty();
        pass(1);
        assertThat(told).singleElement().satisfies(command -> {
            assertThat(command.command()).isEqualTo(new NodeCommand.ReportLost("a1", "no sign of life for 21 s"));
            assertThat(command.context().actor().kind()).isEqualTo(Actor.Kind.GATEWAY);
        });
        pass(5);
        assertThat(told).as("said once while the answer is on its way").hasSize(1);
    }

    @Test
    void aLostNodeIsBackWithASignOfLifeOfTheSameStartOnly() {
        beats.onCaughtUp();
        state = new NodeState.Lost(registered("a1", LEASE), "quiet", Instant.EPOCH);
        beat("a0");
        pass(1);
        assertThat(told).isEmpty();
        beat("a1");
        pass(1);
        assertThat(told).singleElement().satisfies(
                command -> assertThat(command.command()).isEqualTo(new NodeCommand.ReportReturned("a1")));
    }

    @Test
    void signsOfLifeTheLogHeldAtStartSayNothingAboutNow() {
        state = new NodeState.Lost(registered("a1", LEASE), "quiet", Instant.EPOCH);
        beat("a1");
        beats.onCaughtUp();
        pass(1);
        assertThat(told).isEmpty();
    }

    @Test
    void timeInWhichNothingCanBeHeardCountsForNobody() {
        pass(60);
        assertThat(told).as("the past is still being read").isEmpty();
        beats.onCaughtUp();
        pass(15);
        answers = false;
        pass(60);
        answers = true;
        pass(20);
        assertThat(told).isEmpty();
        pass(1);
        assertThat(told).hasSize(1);
    }

    @Test
    void nothingIsSaidAboutNodesDecidedElsewhereOrWithoutALeaseOrOutOfService() {
        beats.onCaughtUp();
        mine = false;
        pass(60);
        mine = true;
        state = registered("a1", Duration.ZERO);
        pass(60);
        state = new NodeState.Retired(HOST, "done");
        beat("a1");
        pass(60);
        assertThat(told).isEmpty();
    }

    @Test
    void everythingElseGoesToTheOtherListener() {
        beats.onCaughtUp();
        beat("a1");
        beats.onRecords(List.of(new LogRecord(new Position(0, 1), Instant.EPOCH, "sandbox-id", new byte[] {1})));
        assertThat(others).extracting(LogRecord::key).containsExactly("sandbox-id");
    }

    @Override
    public CompletionStage<Outcome> submit(CommandEnvelope command, Duration deadline) {
        told.add(command);
        return new CompletableFuture<>();
    }

    @Override
    public Optional<Earlier> earlier(CommandId id) {
        return Optional.empty();
    }

    @Override
    public void trouble(String where, Throwable cause) {
        throw new AssertionError(where, cause);
    }

    @Override
    public void stopped(String where, Throwable cause) {
        throw new AssertionError(where, cause);
    }

    @Override
    public void onRecords(List<LogRecord> records) {
        others.addAll(records);
    }

    @Override
    public void onCaughtUp() {}
}
