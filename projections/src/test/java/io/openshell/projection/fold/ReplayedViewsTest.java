package io.openshell.projection.fold;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.openshell.log.LogRecord;
import io.openshell.log.LogUnavailable;
import io.openshell.log.Position;
import io.openshell.log.TopicScan;
import io.openshell.model.StreamId;
import io.openshell.model.sandbox.Phase;
import io.openshell.model.sandbox.SandboxEvent;
import io.openshell.model.sandbox.SandboxState;
import io.openshell.projection.past.AsOf;
import io.openshell.projection.past.PastUnavailable;
import io.openshell.projection.past.Views;
import io.openshell.projection.sandboxes.SandboxQuery;
import io.openshell.projection.sandboxes.SandboxView;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;

/** Cuts through a log that is a list: record n of partition 0 was taken at second n. */
class ReplayedViewsTest {
    private static final Duration LIMIT = Duration.ofSeconds(5);
    private static final StreamId STREAM = StreamId.sandbox("default", "demo");
    private static final SandboxQuery ALL = new SandboxQuery(Optional.empty(), Map.of(), 0, 10);

    private final List<LogRecord> records = new ArrayList<>();
    private final AtomicInteger reads = new AtomicInteger();
    private final TopicScan log = (topic, from, taker, deadline) -> {
        reads.incrementAndGet();
        for (LogRecord record : records) {
            if (!taker.take(record)) {
                break;
            }
        }
        return Map.of(0, (long) records.size());
    };
    private final ReplayedViews past =
            new ReplayedViews(log, "events", Clock.fixed(Instant.ofEpochSecond(1_000), ZoneOffset.UTC));

    ReplayedViewsTest() {
        Written written = new Written(STREAM);
        written.command("c1", Written.created(STREAM));
        written.command("c2", new SandboxEvent.StopRequested(1));
        written.command("c3", new SandboxEvent.DeleteRequested());
        records.addAll(written.records());
        assertThat(records).hasSize(5);
    }

    private static AsOf second(long second) {
        return new AsOf.Moment(Instant.ofEpochSecond(second));
    }

    @Test
    void eachTimeHasItsOwnState() {
        assertThat(phaseAt(second(2))).isEqualTo(Phase.PROVISIONING);
        assertThat(phaseAt(second(3))).isEqualTo(Phase.STOPPING);
        assertThat(phaseAt(second(4))).isEqualTo(Phase.DELETING);
        assertThat(phaseAt(second(900))).isEqualTo(Phase.DELETING);
    }

    @Test
    void noPointShowsHalfACommand() {
        for (AsOf half : List.of(second(0), second(1), AsOf.parse("0:1"))) {
            assertThat(past.at(half, LIMIT).sandboxes().list(ALL)).isEmpty();
            assertThat(past.stateAt(STREAM, half, LIMIT)).isEqualTo(new SandboxState.Unused());
        }
        assertThat(phaseAt(AsOf.parse("0:2"))).isEqualTo(Phase.PROVISIONING);
    }

    @Test
    void anEventStandsForItsWholeCommand() {
        for (int version = 1; version <= 3; version++) {
            assertThat(phaseAt(AsOf.parse(STREAM + "@" + version))).isEqualTo(Phase.PROVISIONING);
        }
        assertThat(phaseAt(AsOf.parse(STREAM + "@4"))).isEqualTo(Phase.STOPPING);
    }

    @Test
    void aRecordOfAnotherClockDoesNotTearTheStream() {
        LogRecord late = records.get(3);
        records.set(3, new LogRecord(late.position(), Instant.ofEpochSecond(50), late.key(), late.value()));
        assertThat(phaseAt(second(10))).as("what stands behind a later record is later").isEqualTo(Phase.PROVISIONING);
        assertThat(phaseAt(second(50))).isEqualTo(Phase.DELETING);
    }

    @Test
    void pointsThatAreNoneAreRefusedWithTheReason() {
        assertReason(PastUnavailable.Reason.BEFORE_LOG, second(-1));
        assertReason(PastUnavailable.Reason.FUTURE, second(1_001));
        assertReason(PastUnavailable.Reason.FUTURE, AsOf.parse("0:5"));
        assertReason(PastUnavailable.Reason.UNKNOWN, AsOf.parse("7:0"));
        assertReason(PastUnavailable.Reason.UNKNOWN, AsOf.parse(STREAM + "@6"));
        assertReason(PastUnavailable.Reason.UNKNOWN, AsOf.parse("sandbox/default/none@1"));
        for (String text : List.of("", "yesterday", "1:2:3", "x@0", "a@1", "2026-01-01", "x".repeat(600))) {
            assertThatThrownBy(() -> AsOf.parse(text)).isInstanceOfSatisfying(PastUnavailable.class,
                    e -> assertThat(e.reason()).isEqualTo(PastUnavailable.Reason.MALFORMED));
        }
    }

    @Test
    void anEmptyLogHasNoPast() {
        records.clear();
        assertReason(PastUnavailable.Reason.BEFORE_LOG, second(5));
    }

    @Test
    void aLogThatDoesNotAnswerIsToldOf() {
        TopicScan away = (topic, from, taker, deadline) -> {
            throw new LogUnavailable(LogUnavailable.Cause.DEADLINE, "nobody answers");
        };
        ReplayedViews views = new ReplayedViews(away, "events", Clock.systemUTC());
        assertThatThrownBy(() -> views.at(second(1), LIMIT).sandboxes().list(ALL)).isInstanceOfSatisfying(PastUnavailable.class, e -> {
            assertThat(e.reason()).isEqualTo(PastUnavailable.Reason.LOG);
            assertThat(e).hasMessageContaining("nobody answers");
        });
    }

    @Test
    void questionsAboutOnePointReadTheLogOnce() {
        List<SandboxView> first = past.at(second(3), LIMIT).sandboxes().list(ALL);
        int read = reads.get();
        assertThat(past.at(second(3), LIMIT).sandboxes().list(ALL)).isEqualTo(first);
        assertThat(reads.get()).isEqualTo(read);
    }

    @Test
    void aQuestionAboutOneNameFoldsOnlyItAndSoDoesOneAboutItsId() {
        Written other = new Written(StreamId.sandbox("default", "other"));
        other.command("c1", Written.created(StreamId.sandbox("default", "other")));
        records.addAll(0, other.records());
        for (int i = 0; i < records.size(); i++) {
            LogRecord each = records.get(i);
            records.set(i, new LogRecord(new Position(0, i), Instant.ofEpochSecond(i), each.key(), each.value()));
        }
        AsOf point = second(6);
        SandboxView demo = past.at(point, LIMIT).sandboxes().find("default", "demo").orElseThrow();
        int read = reads.get();
        assertThat(past.at(point, LIMIT).sandboxes().byId(demo.id())).contains(demo);
        assertThat(reads.get()).as("the fold of the one stream answers").isEqualTo(read);
        List<SandboxView> all = past.at(point, LIMIT).sandboxes().list(ALL);
        assertThat(all).hasSize(2).contains(demo);
        assertThat(past.at(point, LIMIT).sandboxes().byId(all.get(1).id())).contains(all.get(1));
    }

    @Test
    void whatMayStillSettleIsReadAgain() {
        LogRecord newest = records.get(4);
        records.set(4, new LogRecord(newest.position(), Instant.ofEpochSecond(995), newest.key(), newest.value()));
        assertThat(phaseAt(second(998))).isEqualTo(Phase.DELETING);
        int read = reads.get();
        assertThat(phaseAt(second(998))).isEqualTo(Phase.DELETING);
        assertThat(reads.get()).isGreaterThan(read);
    }

    @Test
    void aStreamThatCannotBeReadStandsAsTheLiveFoldHasIt() {
        records.set(3, new LogRecord(new Position(0, 3), Instant.ofEpochSecond(3), STREAM.toString(), new byte[] {9}));
        EventFold live = new EventFold();
        live.onRecords(records);
        assertThat(past.at(second(900), LIMIT).sandboxes().list(ALL)).isEqualTo(new FoldedSandboxes(live).list(ALL)).hasSize(1);
    }

    private Phase phaseAt(AsOf point) {
        return past.at(point, LIMIT).sandboxes().find("default", "demo").orElseThrow().state().phase();
    }

    private void assertReason(PastUnavailable.Reason reason, AsOf point) {
        for (Consumer<Views> read : List.<Consumer<Views>>of(views -> views.sandboxes().list(ALL),
                views -> views.sandboxes().find("default", "demo"), views -> views.sandboxes().byId("none"),
                views -> views.nodes().nodes())) {
            assertThatThrownBy(() -> read.accept(past.at(point, LIMIT))).isInstanceOfSatisfying(PastUnavailable.class,
                    e -> assertThat(e.reason()).isEqualTo(reason));
        }
        assertThatThrownBy(() -> past.stateAt(STREAM, point, LIMIT)).isInstanceOfSatisfying(PastUnavailable.class,
                e -> assertThat(e.reason()).isEqualTo(reason));
    }

    @Test
    void theCheckFindsEqualViewsEqualAndNamesWhatParts() {
        EventFold served = new EventFold();
        served.onRecords(records);
        assertThat(new ServedViewsCheck(served, once(records), "events").check(record -> {}, LIMIT))
                .satisfies(found -> {
                    assertThat(found.divergence()).isEmpty();
                    assertThat(found.events()).isEqualTo(5);
                });
        EventFold behind = new EventFold();
        behind.onRecords(records.subList(0, 3));
        assertThat(new ServedViewsCheck(behind, once(records), "events").check(record -> {}, LIMIT).divergence().orElseThrow())
                .contains(STREAM.toString(), "served at version 3, the events are at 5");

        Written other = new Written(STREAM);
        other.command("c1", Written.created(STREAM));
        EventFold parted = new EventFold();
        parted.onRecords(other.records());
        assertThat(new ServedViewsCheck(parted, once(records.subList(0, 3)), "events").check(record -> {}, LIMIT).divergence()
                .orElseThrow()).contains(STREAM + " at version 3", "the events say otherwise");
    }

    /** A log that holds nothing new at later reads. */
    private static TopicScan once(List<LogRecord> records) {
        return (topic, from, taker, deadline) -> {
            records.stream().filter(r -> r.position().offset() >= from.getOrDefault(0, 0L)).forEach(taker::take);
            return Map.of(0, (long) records.size());
        };
    }
}
