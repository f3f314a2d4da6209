package io.openshell.projection.fold;

import io.openshell.log.LogRecord;
import io.openshell.log.Position;
import io.openshell.log.TopicScan;
import io.openshell.model.EventEnvelope;
import io.openshell.projection.past.AsOf;
import io.openshell.projection.past.PastUnavailable;
import io.openshell.wire.events.EventCodec;
import io.openshell.wire.events.UndecodableRecord;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Finds where in the log a named point lies. Blocks; one use. */
final class CutFinder {

    /** Offsets looked at before the wanted one. */
    private static final long NEAR = 200;

    private final TopicScan log;
    private final String topic;
    private final Clock clock;
    private @Nullable LogRecord found;
    private boolean complete;

    CutFinder(TopicScan log, String topic, Clock clock) {
        this.log = log;
        this.topic = topic;
        this.clock = clock;
    }

    Cut find(AsOf point, Duration deadline) {
        return switch (point) {
            case AsOf.Moment moment -> moment(moment.time());
            case AsOf.Offset offset -> offset(offset.position(), deadline);
            case AsOf.AtEvent event -> event(event, deadline);
        };
    }

    private Cut moment(Instant time) {
        Instant now = clock.instant();
        if (time.isAfter(now)) {
            throw new PastUnavailable(PastUnavailable.Reason.FUTURE, time + " lies in the future; it is " + now);
        }
        return new Cut(time, Optional.empty());
    }

    private Cut offset(Position wanted, Duration deadline) {
        Map<Integer, Long> ends = last(wanted, Map.of(wanted.partition(), Math.max(0, wanted.offset() - NEAR)), deadline);
        if (found == null && wanted.offset() > NEAR && ends.getOrDefault(wanted.partition(), 0L) > wanted.offset()) {
            // Offsets without a record are rare, but nothing keeps them from being many in a row.
            last(wanted, Map.of(), deadline);
        }
        Long end = ends.get(wanted.partition());
        if (end == null) {
            throw new PastUnavailable(PastUnavailable.Reason.UNKNOWN,
                    "the log has no partition " + wanted.partition() + "; they are 0 to " + (ends.size() - 1));
        }
        if (wanted.offset() >= end) {
            throw new PastUnavailable(PastUnavailable.Reason.FUTURE,
                    "partition " + wanted.partition() + " ends before offset " + end);
        }
        if (found == null) {
            throw new PastUnavailable(PastUnavailable.Reason.BEFORE_LOG,
                    "partition " + wanted.partition() + " holds no event up to offset " + wanted.offset());
        }
        return new Cut(found.logTime(), Optional.of(wanted));
    }

    /** Finds the last record up to an offset. */
    private Map<Integer, Long> last(Position wanted, Map<Integer, Long> from, Duration deadline) {
        return log.read(topic, from, record -> {
            boolean before = record.position().partition() == wanted.partition()
                    && record.position().offset() <= wanted.offset();
            if (before) {
                found = record;
            }
            return before;
        }, deadline);
    }

    private Cut event(AsOf.AtEvent wanted, Duration deadline) {
        String stream = wanted.stream().toString();
        log.readStream(topic, stream, record -> !complete && look(record, stream, wanted.version()), deadline);
        if (found == null || !complete) {
            throw new PastUnavailable(PastUnavailable.Reason.UNKNOWN,
                    "the log holds no event " + stream + "@" + wanted.version());
        }
        return new Cut(found.logTime(), Optional.of(found.position()));
    }

    /** Goes on to the last event of the same command, since nobody ever saw the state in between. */
    private boolean look(LogRecord record, String stream, long version) {
        if (!stream.equals(record.key())) {
            return true;
        }
        try {
            EventEnvelope event = EventCodec.decode(record.value());
            if (event.version() >= version && event.stream().toString().equals(stream)) {
                found = record;
                complete = event.remaining() == 0;
            }
        } catch (UndecodableRecord e) {
            // The fold sets such a record aside as well; the stream says nothing behind it.
            return true;
        }
        return !complete;
    }
}
