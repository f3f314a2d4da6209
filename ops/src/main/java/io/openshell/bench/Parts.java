package io.openshell.bench;

import io.openshell.wire.control.v1.HistoryEntry;
import java.util.List;

/** A way from a command to the event that ends its work, as a whole and in its parts, over many histories. */
public final class Parts {
    private final String from;
    private final String to;
    private final Recorder whole = new Recorder();
    private final Recorder logged = new Recorder();
    private final Recorder done = new Recorder();
    private final Recorder reported = new Recorder();

    /** From the command's event of this type to the ending event of that type. */
    public Parts(String from, String to) {
        this.from = from;
        this.to = to;
    }

    /** Takes one more history into account. */
    public void add(List<HistoryEntry> history) {
        whole.add(EventTimes.between(history, from, to));
        double[] parts = EventTimes.parts(history, from, to);
        logged.add(parts[0]);
        done.add(parts[1]);
        reported.add(parts[2]);
    }

    /** Milliseconds of the whole way. */
    public Samples whole() {
        return whole.samples();
    }

    /** A row for each part. */
    public List<Row> rows() {
        return List.of(
                row("  of which until its event is in the log", logged),
                row("  of which on the host", done),
                row("  of which until the host's word is in the log", reported));
    }

    private static Row row(String figure, Recorder recorder) {
        return new Row.Measured(figure, "ms", List.of(), Row.Values.of(recorder.samples()));
    }
}
