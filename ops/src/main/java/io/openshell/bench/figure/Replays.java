package io.openshell.bench.figure;

import io.openshell.bench.Interleaved;
import io.openshell.bench.Limit;
import io.openshell.bench.Recorder;
import io.openshell.bench.Row;
import io.openshell.bench.log.LogPlan;
import io.openshell.bench.log.LogRead;
import io.openshell.bench.log.Shown;
import io.openshell.log.kafka.KafkaSettings;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalDouble;

/** All events of a log into the views by one thread of a warm process, against the same records into a map. */
public final class Replays {
    private static final double LEAST_PER_SECOND = 400_000;

    private final KafkaSettings log;
    private final Path nowhere;

    /** Reads this log; no file is at that path. */
    public Replays(KafkaSettings log, Path nowhere) {
        this.log = log;
        this.nowhere = nowhere;
    }

    /** The plan's number of rounds, after one to warm up. */
    public Row measure(LogPlan plan, long events, Shown expected) throws Exception {
        Recorder views = new Recorder();
        Recorder map = new Recorder();
        List<Interleaved.Step> steps = List.of(() -> views.add(views(events, expected)), () -> map.add(map(events)));
        Interleaved.run(1, steps);
        views.clear();
        map.clear();
        Interleaved.run(plan.replays(), steps);
        String note = String.format(Locale.ROOT, "%.0f/s", 1e6 / map.samples().median());
        return new Row.Measured("replay into views, one thread", "µs", List.of(new Limit.Rate(LEAST_PER_SECOND)),
                new Row.Values(views.samples(), Optional.of(new Row.Yardstick("into a map", map.samples(), note)),
                        OptionalDouble.of(1e6 / views.samples().median())));
    }

    private double views(long events, Shown expected) {
        long begun = System.nanoTime();
        Shown shown = LogRead.views(log, nowhere, false);
        double micros = (System.nanoTime() - begun) / 1e3;
        if (!shown.equals(expected)) {
            throw new IllegalStateException("the views show " + shown + " and not " + expected);
        }
        return micros / events;
    }

    private double map(long events) {
        long begun = System.nanoTime();
        long records = LogRead.map(log);
        double micros = (System.nanoTime() - begun) / 1e3;
        if (records != events) {
            throw new IllegalStateException(records + " records were read and not " + events);
        }
        return micros / events;
    }
}
