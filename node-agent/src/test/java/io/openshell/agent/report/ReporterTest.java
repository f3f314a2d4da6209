package io.openshell.agent.report;

import static org.assertj.core.api.Assertions.assertThat;

import io.openshell.log.LogUnavailable;
import io.openshell.log.Position;
import io.openshell.model.Actor;
import io.openshell.model.StreamId;
import io.openshell.model.sandbox.SandboxCommand;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class ReporterTest {

    private static final Instant NOON = Instant.parse("2026-03-01T12:00:00Z");
    private static final StreamId DEMO = StreamId.sandbox("default", "demo");
    private static final long SECOND = 1_000_000_000L;

    private final RecordingCommandLog log = new RecordingCommandLog();
    private final AtomicLong nanos = new AtomicLong(-3 * SECOND); // a monotonic clock may start anywhere
    private final Reporter reporter = reporter("n1");

    private Reporter reporter(String node) {
        return new Reporter(log, node, Clock.fixed(NOON, ZoneOffset.UTC), nanos::get);
    }

    private void send(String fact) {
        reporter.send(DEMO, fact, "corr-7", new SandboxCommand.ReportStopped(4));
    }

    @Test
    void aReportSaysWhoTellsWhatOnWhoseBehalf() {
        send("stopped.s1.4");
        var envelope = log.taken().get(0).envelope();
        assertThat(log.taken().get(0).stream()).isEqualTo("sandbox/default/demo");
        assertThat(envelope.command()).isEqualTo(new SandboxCommand.ReportStopped(4));
        assertThat(envelope.context().commandId().value()).isEqualTo("node.n1.stopped.s1.4");
        assertThat(envelope.context().correlationId()).isEqualTo("corr-7");
        assertThat(envelope.context().actor()).isEqualTo(new Actor(Actor.Kind.NODE, "n1", "internal"));
        assertThat(envelope.context().assertedBy()).isEqualTo("node:n1");
        assertThat(envelope.context().time()).isEqualTo(NOON);
    }

    @Test
    void theSameFactIsSentOnceWithinFiveSecondsAndAgainAfter() {
        send("a");
        nanos.addAndGet(5 * SECOND - 1);
        send("a");
        assertThat(log.taken()).hasSize(1);
        nanos.addAndGet(1);
        send("a");
        assertThat(log.taken()).hasSize(2);
    }

    @Test
    void theSameFactHasTheSameIdAlsoFromTheNextProcess() {
        send("a");
        reporter("n1").send(DEMO, "a", "another", new SandboxCommand.ReportStopped(4));
        assertThat(log.taken()).extracting(t -> t.envelope().context().commandId()).hasSize(2).containsOnly(
                log.taken().get(0).envelope().context().commandId());
    }

    @Test
    void otherFactsAreSentAtOnce() {
        send("a");
        send("b");
        assertThat(log.taken()).extracting(t -> t.envelope().context().commandId()).doesNotHaveDuplicates().hasSize(2);
    }

    @Test
    void aReportTheLogDidNotTakeIsSentAgainWithoutWaiting() {
        send("a");
        log.taken().get(0).answer().completeExceptionally(
                new LogUnavailable(LogUnavailable.Cause.DEADLINE, "no acknowledgement"));
        send("a");
        assertThat(log.taken()).hasSize(2);
    }

    @Test
    void aReportTheLogTookIsStillSentOnlyOnce() {
        send("a");
        log.taken().get(0).answer().complete(new Position(0, 1));
        send("a");
        assertThat(log.taken()).hasSize(1);
    }

    @Test
    void aLongNodeNameStillMakesAnId() {
        Reporter far = reporter("n".repeat(200));
        far.send(DEMO, "refused." + "a".repeat(36), "c", new SandboxCommand.ReportStopped(4));
        far.send(DEMO, "refused." + "b".repeat(36), "c", new SandboxCommand.ReportStopped(4));
        far.send(DEMO, "refused." + "b".repeat(35) + "c", "c", new SandboxCommand.ReportStopped(4));
        assertThat(log.taken()).extracting(t -> t.envelope().context().commandId().value())
                .hasSize(3).doesNotHaveDuplicates().allMatch(id -> id.length() <= 128);
    }

    @Test
    void whatIsRememberedIsForgottenAgain() {
        for (int i = 0; i < 10_000; i++) {
            send("f" + i);
        }
        nanos.addAndGet(5 * SECOND);
        send("more");
        nanos.addAndGet(-5 * SECOND);
        send("f1");
        assertThat(log.taken()).as("f1 was no longer remembered").hasSize(10_002);
    }
}
