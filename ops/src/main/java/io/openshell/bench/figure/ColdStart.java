package io.openshell.bench.figure;

import io.openshell.bench.Interleaved;
import io.openshell.bench.Limit;
import io.openshell.bench.Recorder;
import io.openshell.bench.Row;
import io.openshell.bench.log.LogPlan;
import io.openshell.bench.log.Shown;
import io.openshell.bench.log.StartMain;
import io.openshell.ops.drill.OneBroker;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * From the start of a process until its views are right, with and without a snapshot, against a process that only reads the
 * records. The log's side of a gateway alone: ports, certificates and the history store are not in it.
 */
public final class ColdStart {
    private static final int HEAP_MIB = 2_048;
    private static final long LIMIT_SECONDS = 300;

    private final OneBroker broker;
    private final Path snapshot;
    private final Path java;

    /** Reads this broker's log; the snapshot must be there. */
    public ColdStart(OneBroker broker, Path snapshot, Path java) {
        this.broker = broker;
        this.snapshot = snapshot;
        this.java = java;
    }

    /**
     * The plan's number of starts of each kind.
     *
     * @param without limits of the start without a snapshot
     * @param with limits of the start with one
     */
    public List<Row> measure(LogPlan plan, Shown expected, List<Limit> without, List<Limit> with) throws Exception {
        Recorder bare = new Recorder();
        Recorder restored = new Recorder();
        Recorder map = new Recorder();
        String right = expected.live() + " " + expected.versions();
        Interleaved.run(plan.starts(), List.of(
                () -> bare.add(start("views", snapshot.resolveSibling("none"), right)),
                () -> restored.add(start("views", snapshot, right)),
                () -> map.add(start("map", snapshot, ""))));
        Row.Yardstick yardstick = new Row.Yardstick("into a map", map.samples(), "");
        return List.of(
                new Row.Measured("cold start, " + plan.size() + ", no snapshot", "ms", without,
                        Row.Values.against(bare.samples(), yardstick)),
                new Row.Measured("cold start, " + plan.size() + ", snapshot " + plan.behind() / 1000 + " k behind", "ms", with,
                        Row.Values.against(restored.samples(), yardstick)));
    }

    private double start(String what, Path snapshot, String right) throws Exception {
        List<String> gateway = broker.gatewayArguments();
        List<String> command = new ArrayList<>(List.of(java.toString(), "-Xmx" + HEAP_MIB + "m", "-XX:+UseSerialGC",
                "-Dorg.slf4j.simpleLogger.defaultLogLevel=error", "-cp", System.getProperty("java.class.path"),
                StartMain.class.getName(), what, gateway.get(1), gateway.get(3), snapshot.toString()));
        long begun = System.nanoTime();
        Process process = new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.INHERIT).start();
        try (var out = process.inputReader(StandardCharsets.UTF_8)) {
            String said = String.valueOf(out.readLine());
            double ms = (System.nanoTime() - begun) / 1e6;
            if (!process.waitFor(LIMIT_SECONDS, TimeUnit.SECONDS) || process.exitValue() != 0
                    || (!right.isEmpty() && !said.equals(right))) {
                throw new IllegalStateException("the start came to '" + said + "' and not to '" + right + "'");
            }
            return ms;
        } finally {
            process.destroyForcibly();
        }
    }
}
