package io.openshell.proxy;

import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/** Keeps every verdict in order. */
final class RecordingSink implements VerdictSink {
    private final List<Verdict> verdicts = new CopyOnWriteArrayList<>();

    @Override
    public void record(Verdict verdict) {
        verdicts.add(verdict);
    }

    List<Verdict> all() {
        return List.copyOf(verdicts);
    }

    /** The only verdict; fails when there are none or more. */
    Verdict only() {
        Eventually.until("one verdict", () -> verdicts.size() == 1);
        return verdicts.getFirst();
    }
}
