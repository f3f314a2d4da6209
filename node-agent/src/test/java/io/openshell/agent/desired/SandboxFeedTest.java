package io.openshell.agent.desired;

import static org.assertj.core.api.Assertions.assertThat;

import io.openshell.log.LogRecord;
import io.openshell.log.Position;
import io.openshell.model.Actor;
import io.openshell.model.CommandId;
import io.openshell.model.Context;
import io.openshell.model.EventEnvelope;
import io.openshell.model.StreamId;
import io.openshell.model.policy.BuiltInPolicies;
import io.openshell.model.policy.PolicyHash;
import io.openshell.model.sandbox.Enforcement;
import io.openshell.model.sandbox.Phase;
import io.openshell.model.sandbox.SandboxEvent;
import io.openshell.model.sandbox.SandboxRequest;
import io.openshell.model.sandbox.SandboxState;
import io.openshell.model.sandbox.Session;
import io.openshell.wire.events.EventCodec;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class SandboxFeedTest {

    private static final StreamId DEMO = StreamId.sandbox("default", "demo");
    private static final StreamId OTHER = StreamId.sandbox("default", "other");

    private final List<String> heard = new ArrayList<>();
    private final SandboxFeed feed = new SandboxFeed(new DesiredListener() {
        @Override
        public void onChanged(String sandboxId) {
            heard.add("changed " + sandboxId);
        }

        @Override
        public void onSession(String sandboxId, Session session) {
            heard.add("session " + session.sessionId() + " of " + sandboxId);
        }
    });
    private final Map<StreamId, Long> versions = new HashMap<>();
    private long offset;

    private LogRecord record(StreamId stream, byte[] value) {
        return new LogRecord(new Position(0, offset++), Instant.EPOCH, stream.toString(), value);
    }

    private LogRecord event(StreamId stream, Actor.Kind by, String correlation, SandboxEvent event) {
        long version = versions.merge(stream, 1L, Long::sum);
        Context context = new Context(new CommandId("c" + offset), correlation, "", new Actor(by, "x", "internal"), "",
                "gateway:g", Instant.EPOCH.plusSeconds(offset));
        return record(stream, EventCodec.encode(new EventEnvelope("e" + offset, stream, version, context, 1, 0, "", event)));
    }

    private LogRecord event(StreamId stream, SandboxEvent event) {
        return event(stream, Actor.Kind.USER, "corr", event);
    }

    private List<LogRecord> requested(StreamId stream, String id, long epoch) {
        var request = new SandboxRequest(id, stream.path().replace("default/", ""), "default", Map.of(), Map.of(),
                new SandboxRequest.Launch(List.of("agent"), false, Map.of(), ""));
        var policy = BuiltInPolicies.restrictive();
        return List.of(
                event(stream, new SandboxEvent.SandboxRequested(request)),
                event(stream, new SandboxEvent.PolicyRevisionStored(1, PolicyHash.of(policy), policy, Map.of())),
                event(stream, new SandboxEvent.SandboxAssigned("n1", epoch)));
    }

    private static SandboxEvent.SessionOpened opened(String id) {
        return new SandboxEvent.SessionOpened(new Session(id, Session.Kind.EXEC, List.of("ls"), false, "unix:/g.sock"));
    }

    private Phase phase(String id) {
        return ((SandboxState.Live) feed.find(id).orElseThrow().state()).phase();
    }

    @Test
    void nothingIsHeardBeforeHistoryIsReadThenEverySandboxOnce() {
        feed.onRecords(requested(DEMO, "s1", 1));
        feed.onRecords(requested(OTHER, "s2", 1));
        assertThat(heard).isEmpty();
        assertThat(feed.isLive()).isFalse();
        assertThat(phase("s1")).as("it is folded all the same").isEqualTo(Phase.PROVISIONING);
        feed.onCaughtUp();
        assertThat(feed.isLive()).isTrue();
        assertThat(heard).containsExactlyInAnyOrder("changed s1", "changed s2");
    }

    @Test
    void severalEventsOfOneSandboxAreHeardOfOnce() {
        feed.onCaughtUp();
        feed.onRecords(requested(DEMO, "s1", 1));
        assertThat(heard).containsExactly("changed s1");
    }

    @Test
    void sessionsOfThePastAreNotEnteredButLiveOnesAreAfterTheChange() {
        feed.onRecords(requested(DEMO, "s1", 1));
        feed.onRecords(List.of(event(DEMO, opened("old"))));
        feed.onCaughtUp();
        assertThat(heard).containsExactly("changed s1");
        heard.clear();
        feed.onRecords(List.of(event(DEMO, opened("a")), event(DEMO, opened("b"))));
        assertThat(heard).containsExactly("changed s1", "session a of s1", "session b of s1");
    }

    @Test
    void aRecordSeenTwiceHasNoSecondEffect() {
        List<LogRecord> all = requested(DEMO, "s1", 1);
        feed.onRecords(all);
        feed.onCaughtUp();
        LogRecord session = event(DEMO, opened("a"));
        feed.onRecords(List.of(session));
        heard.clear();
        feed.onRecords(all);
        feed.onRecords(List.of(session));
        assertThat(heard).isEmpty();
        assertThat(feed.find("s1").orElseThrow().version()).isEqualTo(4);
    }

    @Test
    void aDeletedSandboxIsHeardOfOnceMoreAndForgotten() {
        feed.onRecords(requested(DEMO, "s1", 1));
        feed.onCaughtUp();
        heard.clear();
        feed.onRecords(List.of(
                event(DEMO, new SandboxEvent.DeleteRequested()), event(DEMO, new SandboxEvent.SandboxDeleted("s1"))));
        assertThat(heard).containsExactly("changed s1");
        assertThat(feed.find("s1")).isEmpty();
        assertThat(feed.sandboxIds()).isEmpty();
    }

    @Test
    void aNameUsedAgainIsAnotherSandbox() {
        feed.onRecords(requested(DEMO, "s1", 1));
        feed.onCaughtUp();
        heard.clear();
        List<LogRecord> batch = new ArrayList<>(List.of(
                event(DEMO, new SandboxEvent.DeleteRequested()), event(DEMO, new SandboxEvent.SandboxDeleted("s1"))));
        batch.addAll(requested(DEMO, "s2", 2));
        feed.onRecords(batch);
        assertThat(heard).containsExactly("changed s1", "changed s2");
        assertThat(feed.find("s1")).isEmpty();
        assertThat(phase("s2")).isEqualTo(Phase.PROVISIONING);
        assertThat(feed.sandboxIds()).containsExactly("s2");
    }

    @Test
    void anUnreadableEventSetsItsStreamAsideAndNoOther() {
        feed.onRecords(requested(DEMO, "s1", 1));
        feed.onRecords(requested(OTHER, "s2", 1));
        feed.onCaughtUp();
        heard.clear();
        feed.onRecords(List.of(
                record(DEMO, new byte[] {1, 2, 3}),
                event(DEMO, new SandboxEvent.DeleteRequested()),
                event(OTHER, new SandboxEvent.DeleteRequested())));
        assertThat(heard).containsExactly("changed s2");
        assertThat(phase("s1")).as("left as it was").isEqualTo(Phase.PROVISIONING);
        assertThat(phase("s2")).isEqualTo(Phase.DELETING);
    }

    @Test
    void anEventThatCannotFollowSetsItsStreamAside() {
        feed.onRecords(requested(DEMO, "s1", 1));
        feed.onCaughtUp();
        heard.clear();
        feed.onRecords(List.of(event(DEMO, new SandboxEvent.SandboxAssigned("n1", 1)), // the same epoch again
                event(DEMO, new SandboxEvent.DeleteRequested())));
        assertThat(heard).isEmpty();
        assertThat(phase("s1")).isEqualTo(Phase.PROVISIONING);
    }

    @Test
    void reportsOfTheNodeKeepTheCorrelationOfTheRequestBehindThem() {
        feed.onRecords(requested(DEMO, "s1", 1));
        assertThat(feed.find("s1").orElseThrow().correlationId()).isEqualTo("corr");
        feed.onRecords(List.of(event(DEMO, Actor.Kind.NODE, "own",
                new SandboxEvent.LayersEnforced(new Enforcement(1, "i1", List.of(), Map.of(), 1)))));
        assertThat(feed.find("s1").orElseThrow().correlationId()).isEqualTo("corr");
        feed.onRecords(List.of(event(DEMO, Actor.Kind.USER, "corr-2", new SandboxEvent.DeleteRequested())));
        assertThat(feed.find("s1").orElseThrow().correlationId()).isEqualTo("corr-2");
    }
}
