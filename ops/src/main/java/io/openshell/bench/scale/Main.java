package io.openshell.bench.scale;

import io.openshell.agent.launcher.LinuxSettings;
import io.openshell.bench.Interleaved;
import io.openshell.bench.Limit;
import io.openshell.bench.Plan;
import io.openshell.bench.Recorder;
import io.openshell.bench.Row;
import io.openshell.bench.Samples;
import io.openshell.bench.ShellClock;
import io.openshell.bench.Table;
import io.openshell.bench.figure.Lifecycle;
import io.openshell.bench.figure.Memory;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;

/** What many sandboxes on one host cost. Arguments: {@code quick} or {@code full}, a folder of this run, the program that starts a JVM. */
public final class Main {
    private static final int FIRST_UID = 2_950_000;
    private static final long SETTLE_NANOS = TimeUnit.SECONDS.toNanos(15);

    private final ScalePlan plan;
    private final Path home;
    private final Path java;
    private final Path state;
    private final ShellClock shell;
    private final Boxes boxes;
    private final List<Row> rows = new ArrayList<>();
    private int next;

    private Main(ScalePlan plan, Path home, Path java, ShellClock shell) {
        this.plan = plan;
        this.home = home;
        this.java = java;
        this.state = home.resolve("boxes");
        this.shell = shell;
        this.boxes = new Boxes(state, FIRST_UID);
    }

    /** Exit status 0 when every figure was measured, whatever the verdicts. */
    public static void main(String[] arguments) throws Exception {
        ScalePlan plan = arguments[0].equals("quick") ? ScalePlan.quick() : ScalePlan.full();
        Path home = Path.of(arguments[1]).toAbsolutePath();
        try (ShellClock shell = new ShellClock()) {
            Main bench = new Main(plan, home, Path.of(arguments[2]), shell);
            try (Boxes all = bench.boxes) {
                bench.measure();
            } finally {
                System.out.print(Table.of(bench.rows));
            }
        }
        System.exit(0);
    }

    private void measure() throws Exception {
        Interleaved.run(Plan.warmUp(plan.rounds()), List.of(() -> round(new Recorder(), new Recorder())));
        told("overhead");
        rows.addAll(new Inside(boxes, state, shell).measure(plan.programs()));
        Optional<Samples> alone = Optional.empty();
        for (int live : plan.live()) {
            told("launches beside " + live);
            try (Crowd crowd = new Crowd(java, home.resolve("crowd"), Math.max(0, live - plan.own()))) {
                bringUp(Math.min(live, plan.own()));
                crowd.awaitUp();
                alone = Optional.of(launches(live, alone));
                if (live == plan.dense()) {
                    rows.add(Memory.perSandbox(ProcessHandle.current().pid(), live, shell));
                }
            }
        }
        told("all at once");
        bringDown();
        rows.add(atOnce());
        told("nothing left");
        rows.add(nothingLeft());
    }

    private void bringUp(int live) throws Exception {
        int have = boxes.count();
        boxes.each(live - have, i -> boxes.start("live-" + (have + i)));
    }

    private void bringDown() throws Exception {
        boxes.each(boxes.count(), i -> boxes.end("live-" + i));
    }

    /** The first figure is what the others are compared with. */
    private Samples launches(int live, Optional<Samples> alone) throws Exception {
        Recorder started = new Recorder();
        Recorder ended = new Recorder();
        Recorder bwrap = new Recorder();
        List<Interleaved.Step> steps = new ArrayList<>(List.of(() -> round(started, ended)));
        boolean comparable = shell.run(Lifecycle.BWRAP).status() == 0;
        if (comparable) {
            steps.add(() -> bwrap.add(shell.time(Lifecycle.BWRAP)));
        }
        Interleaved.run(plan.rounds(), steps);
        Samples samples = started.samples();
        Optional<Row.Yardstick> yardstick = alone.map(one -> new Row.Yardstick(plan.live().getFirst() + " up", one, ""));
        List<Limit> limits = alone.isPresent() ? List.of(new Limit.Ratio(1.2)) : List.of();
        rows.add(new Row.Measured("launch on the host, " + live + " up", "ms", limits,
                new Row.Values(samples, yardstick, OptionalDouble.empty())));
        if (comparable) {
            rows.add(new Row.Measured("  the same", "ms", List.of(new Limit.Ratio(5)),
                    Row.Values.against(samples, new Row.Yardstick("bwrap true", bwrap.samples(), ""))));
        }
        rows.add(new Row.Measured("end and removal on the host, " + live + " up", "ms", List.of(), Row.Values.of(ended.samples())));
        return alone.orElse(samples);
    }

    private void round(Recorder started, Recorder ended) {
        String id = "round-" + next++;
        long begun = System.nanoTime();
        boxes.start(id);
        long up = System.nanoTime();
        boxes.end(id);
        started.addNanos(up - begun);
        ended.addNanos(System.nanoTime() - up);
    }

    private Row atOnce() throws Exception {
        Recorder each = new Recorder();
        double rate = boxes.each(plan.atOnce(), i -> {
            long begun = System.nanoTime();
            boxes.start("burst-" + i);
            each.addNanos(System.nanoTime() - begun);
        });
        boxes.each(plan.atOnce(), i -> boxes.end("burst-" + i));
        return new Row.Measured("launches asked at once, " + Boxes.WORKERS + " at a time", "ms", List.of(new Limit.Rate(100)),
                new Row.Values(each.samples(), Optional.empty(), OptionalDouble.of(rate)));
    }

    private Row nothingLeft() throws Exception {
        String groups = new LinuxSettings(state, FIRST_UID, List.of()).groupFamily();
        // What the first round makes once for all is not left over.
        round(new Recorder(), new Recorder());
        Map<String, Long> before = Leftovers.count(state, groups);
        double rate = boxes.each(plan.leaks(), i -> {
            boxes.start("leak-" + i);
            boxes.end("leak-" + i);
        });
        Map<String, Long> after = Leftovers.count(state, groups);
        for (long end = System.nanoTime() + SETTLE_NANOS; !more(before, after).isEmpty() && System.nanoTime() < end; ) {
            TimeUnit.MILLISECONDS.sleep(200);
            after = Leftovers.count(state, groups);
        }
        Map<String, Long> more = more(before, after);
        System.out.println("counted before " + before + ", after " + after);
        return new Row.Measured("left after " + plan.leaks() + " launches and removals", "things", List.of(new Limit.Median(0)),
                new Row.Values(Samples.of(more.values().stream().mapToLong(Long::longValue).sum()), Optional.empty(),
                        OptionalDouble.of(rate)));
    }

    /** By how much each count has grown. */
    static Map<String, Long> more(Map<String, Long> before, Map<String, Long> after) {
        Map<String, Long> more = new TreeMap<>();
        after.forEach((kind, count) -> {
            if (count > before.getOrDefault(kind, 0L)) {
                more.put(kind, count - before.getOrDefault(kind, 0L));
            }
        });
        return more;
    }

    private static void told(String what) {
        System.err.println("measuring: " + what);
    }
}
