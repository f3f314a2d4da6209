package io.openshell.gateway.process;

import io.openshell.gateway.archive.EventArchive;
import io.openshell.gateway.metrics.GatewayMetrics;
import io.openshell.gateway.metrics.HealthPages;
import io.openshell.gateway.ops.LogState;
import io.openshell.log.kafka.Topics;
import io.openshell.projection.PoisonedStream;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.function.Supplier;

/** Joins the figures and the health pages with the log they tell about. */
final class Measuring {

    private Measuring() {}

    static void show(LogSide log, GatewayMetrics metrics) {
        for (int partition = 0; partition < Topics.PARTITIONS; partition++) {
            int number = partition;
            metrics.gauge("openshell.log.lag.records", partition, log, l -> l.lag().getOrDefault(number, 0L));
        }
        metrics.gauge("openshell.log.answers", "Whether the log answered when it was asked last", log, l -> l.answers() ? 1 : 0);
        metrics.gauge("openshell.view.age.seconds", "How old answers may be", log, l -> l.viewAge().toMillis() / 1_000.0);
        metrics.gauge("openshell.poisoned.streams", "Streams that take no commands, whatever the reason", log, l -> l.poisoned().size());
        metrics.gauge("openshell.newer.streams", "Of these, streams that hold events of a newer release", log,
                l -> l.poisoned().stream().filter(PoisonedStream::newer).count());
        metrics.gauge("openshell.log.takes.commands", "Whether commands can be written and decided", log,
                l -> l.writesRefused().isEmpty() ? 1 : 0);
        metrics.gauge("openshell.events.set.aside", "Records that could not be read or applied", log, l -> l.fold().setAside());
        metrics.gauge("openshell.events.folded", "Events folded since start", log, LogSide::folded);
        metrics.gauge("openshell.snapshot.age.seconds", "How long ago the snapshot was written that a start would use", log,
                l -> l.snapshots().written().map(at -> Duration.between(at, Instant.now()).toMillis() / 1_000.0).orElse(Double.NaN));
        metrics.gauge("openshell.partitions.deciding", "Partitions decided here", log, l -> l.deciding().size());
        metrics.gauge("openshell.activity.dropped", "Log lines and verdicts lost", log, l -> l.activity().dropped());
        metrics.gauge("openshell.commands.ignored", "Commands nothing could be decided on", log, l -> l.decisions().ignored());
    }

    static void show(EventArchive archive, GatewayMetrics metrics) {
        metrics.gauge("openshell.archive.behind.records", "Records the views hold that the archive does not", archive, EventArchive::behind);
        metrics.gauge("openshell.archive.set.aside", "Events that did not fit where they belong in the archive", archive, EventArchive::setAside);
    }

    static HealthPages pages(LogSide log, Supplier<String> metrics) {
        return new HealthPages(() -> unready(log), metrics);
    }

    private static Optional<String> unready(LogSide log) {
        if (log.viewAge().compareTo(LogState.STALE) >= 0) {
            return Optional.of(log.answers()
                    ? "the views are " + log.viewAge().toSeconds() + " s behind the log"
                    : "the log does not answer; the views are " + log.viewAge().toSeconds() + " s old");
        }
        return log.writesRefused();
    }
}
