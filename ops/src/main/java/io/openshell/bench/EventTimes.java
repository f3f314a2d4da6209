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
     * @param from type of the command's event; the newest counts, as a name may be used again
     * @param to type of the ending event; the first one after the other counts
     */
    public static double between(List<HistoryEntry> history, String from, String to) {
        return until(history, newest(history, from), to);
    }

    /** Like {@link #between}, from a given event. */
    public static double until(List<HistoryEntry> history, HistoryEntry begin, String to) {
        return millis(after(history, begin, to).getLogTime()) - millis(begin.getTime());
    }

    /** The same way in three parts: command given to logged, logged to work done on the host, done to logged. */
    public static double[] parts(List<HistoryEntry> history, String from, String to) {
        HistoryEntry begin = newest(history, from);
        HistoryEntry end = after(history, begin, to);
        double logged = millis(begin.getLogTime());
        double done = millis(end.getTime());
        return new double[] {logged - millis(begin.getTime()), done - logged, millis(end.getLogTime()) - done};
    }

    private static HistoryEntry newest(List<HistoryEntry> history, String type) {
        return history.stream().filter(e -> e.getType().equals(type)).reduce((older, newer) -> newer)
                .orElseThrow(() -> new IllegalStateException("no " + type + " in the history"));
    }

    private static HistoryEntry after(List<HistoryEntry> history, HistoryEntry begin, String type) {
        return history.stream().filter(e -> e.getVersion() > begin.getVersion() && e.getType().equals(type)).findFirst()
                .orElseThrow(() -> new IllegalStateException("no " + type + " after " + begin.getType() + " in the history"));
    }

    private static double millis(Timestamp time) {
        return time.getSeconds() * 1e3 + time.getNanos() / 1e6;
    }
}
