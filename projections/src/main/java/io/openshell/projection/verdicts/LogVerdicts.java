package io.openshell.projection.verdicts;

import io.openshell.log.LogRecord;
import io.openshell.log.LogUnavailable;
import io.openshell.log.TopicScan;
import io.openshell.projection.history.History.HistoryUnavailable;
import io.openshell.projection.history.StreamReads;
import io.openshell.projection.logs.LogLine;
import io.openshell.projection.logs.LogLines;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/** Decisions from the lines at hand, and from the activity topic itself where those do not reach. Any thread. */
public final class LogVerdicts implements Verdicts {

    /**
     * Where decisions are read.
     *
     * @param topic name of the activity topic
     * @param most records a stream read returns at most
     */
    public record Sources(LogLines lines, StreamReads reads, TopicScan scan, String topic, int most) {}

    private final Sources sources;

    /** Reads from these. */
    public LogVerdicts(Sources sources) {
        this.sources = sources;
    }

    @Override
    public Optional<VerdictLine> find(String decisionId, Duration deadline) {
        Optional<VerdictLine> atHand = sources.lines().decision(decisionId).flatMap(VerdictLine::of);
        if (atHand.isPresent()) {
            return atHand;
        }
        byte[] wanted = decisionId.getBytes(StandardCharsets.UTF_8);
        AtomicReference<@Nullable VerdictLine> found = new AtomicReference<>();
        try {
            sources.scan().read(sources.topic(), Map.of(), record -> {
                // Looking for the bytes first spares decoding every record of the log.
                if (found.get() == null && contains(record.value(), wanted)) {
                    verdict(record).filter(line -> line.decisionId().equals(decisionId)).ifPresent(found::set);
                }
                return found.get() == null;
            }, deadline);
        } catch (LogUnavailable e) {
            throw new HistoryUnavailable("decision " + decisionId + " cannot be looked up: " + e.getMessage(), e);
        }
        return Optional.ofNullable(found.get());
    }

    @Override
    public Read of(String sandboxId, Duration deadline) {
        List<LogRecord> records;
        try {
            records = sources.reads().read(sources.topic(), sandboxId, deadline);
        } catch (LogUnavailable e) {
            throw new HistoryUnavailable("the decisions about " + sandboxId + " cannot be read: " + e.getMessage(), e);
        }
        List<VerdictLine> found = new ArrayList<>();
        records.forEach(record -> verdict(record).ifPresent(found::add));
        return new Read(found, records.size() >= sources.most());
    }

    private static Optional<VerdictLine> verdict(LogRecord record) {
        return LogLine.decode(record.key(), record.value()).flatMap(VerdictLine::of);
    }

    private static boolean contains(byte[] text, byte[] wanted) {
        for (int at = 0; at + wanted.length <= text.length; at++) {
            int same = 0;
            while (same < wanted.length && text[at + same] == wanted[same]) {
                same++;
            }
            if (same == wanted.length) {
                return true;
            }
        }
        return false;
    }
}
