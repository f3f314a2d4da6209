package io.openshell.projection.history;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.openshell.log.LogRecord;
import io.openshell.log.LogUnavailable;
import io.openshell.model.StreamId;
import io.openshell.model.sandbox.SandboxEvent;
import io.openshell.projection.fold.Written;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class LogHistoryTest {
    static final Duration DEADLINE = Duration.ofSeconds(3);
    final StreamId stream = StreamId.sandbox("w", "demo");
    final Written log = new Written(stream);

    @Test
    void aWholeStreamHasNoFindings() {
        log.command("c-1", Written.created(stream));
        log.command("c-2", new SandboxEvent.DeleteRequested());
        StreamAudit audit = audit(log.records());
        assertThat(audit.findings()).isEmpty();
        assertThat(audit.entries()).extracting(e -> e.event().version()).containsExactly(1L, 2L, 3L, 4L);
        assertThat(audit.entries()).extracting(e -> e.logTime().getEpochSecond()).containsExactly(0L, 1L, 2L, 3L);
    }

    @Test
    void anEventTakenOutIsMissed() {
        log.command("c-1", Written.created(stream));
        List<LogRecord> records = new ArrayList<>(log.records());
        LogRecord removed = records.remove(1);
        StreamAudit audit = audit(records);
        assertThat(audit.findings()).containsExactly(
                new Finding.Missing(records.get(1).position(), removed.position().offset() + 1, 3));
        assertThat(audit.entries()).hasSize(2);
    }

    @Test
    void anEventThatWasChangedBreaksTheChainBehindIt() {
        log.command("c-1", Written.created(stream));
        log.command("c-2", new SandboxEvent.DeleteRequested());
        // The same first event, asked for by a command of another name.
        Written forged = new Written(stream);
        forged.command("c-x", Written.created(stream));
        List<LogRecord> records = new ArrayList<>(log.records());
        records.set(0, forged.records().getFirst());
        StreamAudit audit = audit(records);
        assertThat(audit.findings()).containsExactly(new Finding.BrokenChain(records.get(1).position(), 2));
        assertThat(audit.entries()).hasSize(4);
    }

    @Test
    void aVersionTakenTwiceCountsOnce() {
        log.command("c-1", Written.created(stream));
        Written forged = new Written(stream);
        forged.command("c-x", Written.created(stream));
        List<LogRecord> records = new ArrayList<>(log.records());
        records.add(forged.records().getLast());
        records.add(log.records().getLast());
        StreamAudit audit = audit(records);
        assertThat(audit.findings()).hasExactlyElementsOfTypes(Finding.Conflicting.class, Finding.Repeated.class);
        assertThat(audit.entries()).extracting(e -> e.event().context().commandId().value()).containsOnly("c-1");
    }

    @Test
    void bytesInBetweenDoNotBreakTheChain() {
        log.command("c-1", Written.created(stream));
        List<LogRecord> records = new ArrayList<>(log.records());
        records.add(1, log.record(new byte[] {1, 2, 3}));
        StreamAudit audit = audit(records);
        assertThat(audit.findings()).hasExactlyElementsOfTypes(Finding.Unreadable.class);
        assertThat(audit.entries()).hasSize(3);
    }

    @Test
    void aLogThatDoesNotAnswerIsAHistoryNotAvailable() {
        LogHistory history = new LogHistory((topic, key, deadline) -> {
            throw new LogUnavailable(LogUnavailable.Cause.DEADLINE, "no answer within " + deadline);
        }, "events");
        assertThatThrownBy(() -> history.of(stream, DEADLINE))
                .isInstanceOf(History.HistoryUnavailable.class)
                .hasMessageContaining("no answer within PT3S");
    }

    private StreamAudit audit(List<LogRecord> records) {
        return new LogHistory((topic, key, deadline) -> {
            assertThat(topic).isEqualTo("events");
            assertThat(key).isEqualTo(stream.toString());
            assertThat(deadline).isEqualTo(DEADLINE);
            return records;
        }, "events").audit(stream, DEADLINE);
    }
}
