package io.openshell.bench;

import java.util.ArrayList;
import java.util.List;

/** Collects values of one thing. Any thread. */
public final class Recorder {
    private final List<Double> values = new ArrayList<>();

    /** One more value. */
    public synchronized void add(double value) {
        values.add(value);
    }

    /** One more duration, kept in milliseconds. */
    public void addNanos(long nanos) {
        add(nanos / 1e6);
    }

    /** Forgets what was collected, for instance while warming up. */
    public synchronized void clear() {
        values.clear();
    }

    /** What was collected; fails when that is nothing. */
    public synchronized Samples samples() {
        return Samples.of(values);
    }
}
