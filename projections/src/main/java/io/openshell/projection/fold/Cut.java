package io.openshell.projection.fold;

import io.openshell.log.LogRecord;
import io.openshell.log.Position;
import java.time.Instant;
import java.util.Optional;

/**
 * Where the past ends: in every partition before the first record the log took after the time, except in one that may be
 * cut at a record instead. A prefix of every partition, so that every stream is whole up to there.
 */
record Cut(Instant time, Optional<Position> through) {

    boolean takes(LogRecord record) {
        boolean named = through.isPresent() && through.get().partition() == record.position().partition();
        return named
                ? record.position().offset() <= through.get().offset()
                : !record.logTime().isAfter(time);
    }
}
