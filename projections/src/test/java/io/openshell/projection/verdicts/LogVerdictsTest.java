package io.openshell.projection.verdicts;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.openshell.log.LogRecord;
import io.openshell.log.LogUnavailable;
import io.openshell.log.Position;
import io.openshell.model.egress.ReasonCode;
import io.openshell.projection.history.History.HistoryUnavailable;
import io.openshell.projection.logs.FoldedLogLines;
import io.openshell.wire.events.v1.ActivityRecord;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

class LogVerdictsTest {
    private static final Duration DEADLINE = Duration.ofSeconds(1);
    private static final Map<String, String> WHOLE = Map.of("decision_id", "d1", "decision", "denied",
            "reason_code", "ENDPOINT_NOT_ALLOWED", "policy_generation", "3", "host", "h", "port", "443", "binary", "/usr/bin/curl",
            "ancestors", "/bin/bash\n/bin/sh", "addresses", "10.0.0.5\n::1");

    private final FoldedLogLines lines = new FoldedLogLines();
    private final List<LogRecord> topic = new ArrayList<>();
    private int scans;
    private final LogVerdicts verdicts = new LogVerdicts(new LogVerdicts.Sources(lines,
            (name, stream, deadline) -> topic.stream().filter(record -> record.key().equals(stream)).toList(),
            (name, from, taker, deadline) -> {
                scans++;
                topic.forEach(taker::take);
                return Map.of();
            }, "activity", 3));

    @Test
    void aDecisionAtHandIsFoundWithoutReadingTheLog() {
        lines.onRecords(List.of(record("s1", WHOLE)));
        VerdictLine found = verdicts.find("d1", DEADLINE).orElseThrow();
        assertThat(found.code()).contains(ReasonCode.ENDPOINT_NOT_ALLOWED);
        assertThat(found.policyVersion()).isEqualTo(3);
        assertThat(found.request().caller().ancestors()).containsExactly("/bin/bash", "/bin/sh");
        assertThat(found.request().addresses()).hasSize(2);
        assertThat(found.judgeable()).isPresent();
        assertThat(scans).isZero();
    }

    @Test
    void anOlderDecisionIsLookedUpInTheLog() {
        topic.add(record("s1", WHOLE));
        assertThat(verdicts.find("d1", DEADLINE)).map(VerdictLine::sandboxId).contains("s1");
        assertThat(verdicts.find("d2", DEADLINE)).isEmpty();
        assertThat(scans).isEqualTo(2);
    }

    @Test
    void aRecordThatOnlyMentionsTheIdIsNotTheDecision() {
        topic.add(record("s1", with("decision_id", "other", "path", "/d1")));
        topic.add(new LogRecord(new Position(0, 1), Instant.EPOCH, "s1", "d1 damaged".getBytes(java.nio.charset.StandardCharsets.UTF_8)));
        assertThat(verdicts.find("d1", DEADLINE)).isEmpty();
        topic.add(record("s1", WHOLE));
        assertThat(verdicts.find("d1", DEADLINE)).isPresent();
    }

    @Test
    void linesThatAreNoDecisionsAndOtherSandboxesAreLeftOut() {
        topic.add(record("s1", WHOLE));
        topic.add(record("s1", Map.of()));
        topic.add(record("s2", WHOLE));
        Verdicts.Read read = verdicts.of("s1", DEADLINE);
        assertThat(read.lines()).hasSize(1);
        assertThat(read.truncated()).isFalse();
        topic.add(record("s1", WHOLE));
        assertThat(verdicts.of("s1", DEADLINE).truncated()).isTrue();
    }

    @Test
    void whatSaysTooLittleIsNotJudgedAgain() {
        assertThat(line(with("binary", "/x")).judgeable()).isPresent();
        assertThat(line(with("binary", "")).judgeable()).isEmpty();
        assertThat(line(with("binary", "/" + "x".repeat(1_023) + "...")).judgeable()).isEmpty();
        assertThat(line(with("port", "no number")).judgeable()).isEmpty();
        assertThat(line(with("reason_code", "NEWER_THAN_THIS")).code()).isEmpty();
    }

    @Test
    void aLogThatDoesNotAnswerIsTold() {
        LogVerdicts silent = new LogVerdicts(new LogVerdicts.Sources(lines, (name, stream, deadline) -> {
            throw new LogUnavailable(LogUnavailable.Cause.DEADLINE, "late");
        }, (name, from, taker, deadline) -> {
            throw new LogUnavailable(LogUnavailable.Cause.DEADLINE, "late");
        }, "activity", 3));
        assertThatThrownBy(() -> silent.find("d1", DEADLINE)).isInstanceOf(HistoryUnavailable.class);
        assertThatThrownBy(() -> silent.of("s1", DEADLINE)).isInstanceOf(HistoryUnavailable.class);
        lines.onRecords(List.of(record("s1", WHOLE)));
        assertThat(silent.find("d1", DEADLINE)).isPresent();
    }

    private VerdictLine line(Map<String, String> fields) {
        topic.clear();
        topic.add(record("s1", fields));
        return verdicts.of("s1", DEADLINE).lines().getFirst();
    }

    private static Map<String, String> with(String... changes) {
        Map<String, String> fields = new TreeMap<>(WHOLE);
        for (int i = 0; i < changes.length; i += 2) {
            fields.put(changes[i], changes[i + 1]);
        }
        return fields;
    }

    private static LogRecord record(String sandboxId, Map<String, String> fields) {
        return new LogRecord(new Position(0, 0), Instant.EPOCH, sandboxId, ActivityRecord.newBuilder().setSandboxId(sandboxId)
                .setSequence(1).setAssertedBy("node:n").setMessage("m").putAllFields(fields).build().toByteArray());
    }
}
