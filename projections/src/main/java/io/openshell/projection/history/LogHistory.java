package io.openshell.projection.history;

import io.openshell.log.LogRecord;
import io.openshell.log.LogUnavailable;
import io.openshell.model.StreamId;
import java.time.Duration;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Histories read from the events topic, not from the fold, so that a deleted sandbox has one too. Any thread. */
public final class LogHistory implements History {

    private static final Logger LOG = LoggerFactory.getLogger(LogHistory.class);

    private final StreamReads log;
    private final String eventsTopic;

    /** Reads this topic of this log. */
    public LogHistory(StreamReads log, String eventsTopic) {
        this.log = log;
        this.eventsTopic = eventsTopic;
    }

    @Override
    public List<Entry> of(StreamId stream, Duration deadline) {
        StreamAudit audit = audit(stream, deadline);
        audit.findings().forEach(finding -> LOG.warn("history is not whole: stream={} finding={}", stream, finding));
        return audit.entries();
    }

    /**
     * The same events together with everything that is wrong with the stream.
     *
     * @throws HistoryUnavailable when the log does not answer within the deadline
     */
    public StreamAudit audit(StreamId stream, Duration deadline) {
        ChainCheck check = new ChainCheck(stream.toString());
        for (LogRecord record : read(stream, deadline)) {
            check.next(record);
        }
        return check.result();
    }

    private List<LogRecord> read(StreamId stream, Duration deadline) {
        try {
            return log.read(eventsTopic, stream.toString(), deadline);
        } catch (LogUnavailable e) {
            throw new HistoryUnavailable("the history of " + stream + " cannot be read: " + e.getMessage(), e);
        }
    }
}
