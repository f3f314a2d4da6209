package io.openshell.bench;

import com.google.protobuf.Timestamp;
import io.openshell.wire.control.v1.HistoryEntry;
import java.util.List;

/** Durations between the events of one history. Pure. */
public final class EventTimes {
    private EventTimes() {}

    /**
     * Milliseconds from the moment a command was given, as its first event tells, until the log took the event that
     * ends the work. Event times are whole milliseconds.
     *
     * @param from type of the command's event
     * @param to type of the ending event; the first one after the other counts
     */
    public static double between(List<HistoryEntry> history, String from, String to) {
        HistoryEntry begin = history.stream().filter(e -> e.getType().equals(from)).findFirst()
                .orElseThrow(() -> new IllegalStateException("no " + from + " in the history"));
        return until(history, begin, to);
    }

    /** Like {@link #between}, from a given event. */
    public static double until(List<HistoryEntry> history, HistoryEntry begin, String to) {
        HistoryEntry end = history.stream()
                .filter(e -> e.getVersion() > begin.getVersion() && e.getType().equals(to)).findFirst()
                .orElseThrow(() -> new IllegalStateException("no " + to + " in the history"));
        return millis(end.getLogTime()) - millis(begin.getTime());
    }

    private static double millis(Timestamp time) {
        return time.getSeconds() * 1e3 + time.getNanos() / 1e6;
    }
}
