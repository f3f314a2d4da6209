package io.openshell.gateway.metrics;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.Tags;
import io.micrometer.core.instrument.Timer;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import io.openshell.log.DeciderTimes;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.function.ToDoubleFunction;

/** The gateway's figures, in the text form Prometheus reads. Any thread. */
public final class GatewayMetrics implements DeciderTimes {

    private static final long PAGE_BYTES = 4_096;

    private final PrometheusMeterRegistry registry = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
    private final Timer decide = timer("openshell.decide", "Deciding one batch of commands");
    private final Timer commit = timer("openshell.commit", "Committing the events of one batch");
    private final Counter decided = counter("openshell.commands.decided", "Commands this gateway decided");
    private final Counter written = counter("openshell.events.written", "Events this gateway wrote");

    /** With the resident memory of this process. */
    public GatewayMetrics() {
        gauge("openshell.process.resident.bytes", "Resident memory of the gateway's process", this, m -> residentBytes());
    }

    private Timer timer(String name, String what) {
        return Timer.builder(name)
                .description(what)
                .serviceLevelObjectives(Duration.ofMillis(1), Duration.ofMillis(3), Duration.ofMillis(10),
                        Duration.ofMillis(30), Duration.ofMillis(100), Duration.ofSeconds(1), Duration.ofSeconds(5))
                .register(registry);
    }

    private Counter counter(String name, String what) {
        return Counter.builder(name).description(what).register(registry);
    }

    /** Shows a value that is asked for at every reading; must not block. */
    public <T> void gauge(String name, String what, T source, ToDoubleFunction<T> value) {
        Gauge.builder(name, source, value).description(what).strongReference(true).register(registry);
    }

    /** The same for one of several partitions. */
    public <T> void gauge(String name, int partition, T source, ToDoubleFunction<T> value) {
        Gauge.builder(name, source, value)
                .tags(Tags.of("partition", Integer.toString(partition)))
                .strongReference(true)
                .register(registry);
    }

    /** Counts what became of a call's command: {@code applied}, {@code refused}, {@code unavailable} or {@code limited}. */
    public void command(String outcome, String code) {
        registry.counter("openshell.commands", "outcome", outcome, "code", code).increment();
    }

    @Override
    public void decided(int commands, long nanos) {
        decided.increment(commands);
        decide.record(nanos, TimeUnit.NANOSECONDS);
    }

    @Override
    public void committed(int events, long nanos) {
        written.increment(events);
        commit.record(nanos, TimeUnit.NANOSECONDS);
    }

    /** All figures as text. */
    public String text() {
        return registry.scrape();
    }

    private static double residentBytes() {
        try {
            String[] pages = Files.readString(Path.of("/proc/self/statm")).split(" ");
            return Long.parseLong(pages[1]) * (double) PAGE_BYTES;
        } catch (IOException e) {
            return Double.NaN; // shown as such; there is no better answer on a host without /proc
        }
    }
}
