package io.openshell.log.kafka;

import io.openshell.log.LogFaults;
import io.openshell.log.LogRecord;
import io.openshell.log.RecordListener;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/** Keeps what a follower hands over and what went wrong. */
final class Collector implements RecordListener, LogFaults {
    final List<LogRecord> records = new CopyOnWriteArrayList<>();
    final List<String> troubles = new CopyOnWriteArrayList<>();
    final List<String> stops = new CopyOnWriteArrayList<>();
    volatile boolean caughtUp;

    @Override
    public void onRecords(List<LogRecord> more) {
        records.addAll(more);
    }

    @Override
    public void onCaughtUp() {
        caughtUp = true;
    }

    @Override
    public void trouble(String where, Throwable cause) {
        troubles.add(where + ": " + cause);
    }

    @Override
    public void stopped(String where, Throwable cause) {
        stops.add(where + ": " + cause);
    }

    List<String> texts(String stream) {
        return records.stream().filter(r -> r.key().equals(stream)).map(r -> new String(r.value())).toList();
    }
}
