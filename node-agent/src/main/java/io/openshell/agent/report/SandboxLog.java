package io.openshell.agent.report;

import io.openshell.log.ActivityLog;
import io.openshell.proxy.Verdict;
import io.openshell.proxy.VerdictLine;
import io.openshell.proxy.VerdictSink;
import io.openshell.wire.events.Times;
import io.openshell.wire.events.v1.ActivityRecord;
import java.time.Clock;
import java.time.Instant;
import java.util.Map;

/**
 * The log lines of one sandbox. Lines are numbered so that a reader sees when some were lost. Never blocks; safe for any
 * thread.
 */
public final class SandboxLog implements VerdictSink {

    private final ActivityLog log;
    private final String source;
    private final String sandboxId;
    private final Clock clock;
    private long sequence;

    /** Lines of this sandbox, asserted by this node. */
    public SandboxLog(ActivityLog log, String nodeId, String sandboxId, Clock clock) {
        this.log = log;
        this.source = "node:" + nodeId;
        this.sandboxId = sandboxId;
        this.clock = clock;
    }

    @Override
    public void record(Verdict verdict) {
        append(verdict.at(), "OCSF", "proxy", VerdictLine.format(verdict), VerdictFields.of(verdict));
    }

    /** Tells what happened in the ordinary course. */
    public void info(String message) {
        append(clock.instant(), "INFO", "agent", message, Map.of());
    }

    /** Tells what went wrong. */
    public void error(String message) {
        append(clock.instant(), "ERROR", "agent", message, Map.of());
    }

    // Numbering and handing over are one step, or numbers would arrive out of order and look like losses.
    private synchronized void append(Instant at, String level, String target, String message, Map<String, String> fields) {
        sequence++;
        ActivityRecord record = ActivityRecord.newBuilder()
                .setSandboxId(sandboxId)
                .setSequence(sequence)
                .setAssertedBy(source)
                .setTime(Times.encode(at))
                .setLevel(level)
                .setTarget(target)
                .setMessage(message)
                .putAllFields(fields)
                .build();
        log.append(sandboxId, record.toByteArray());
    }
}
