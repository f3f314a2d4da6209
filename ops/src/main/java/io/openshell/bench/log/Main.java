package io.openshell.bench.log;

import io.openshell.bench.Limit;
import io.openshell.bench.Row;
import io.openshell.bench.Table;
import io.openshell.bench.figure.ColdStart;
import io.openshell.bench.figure.Replays;
import io.openshell.bench.figure.TakeOver;
import io.openshell.log.kafka.Topics;
import io.openshell.ops.drill.OneBroker;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/**
 * Measures what the log has to keep to and prints the table. Arguments: {@code quick}, {@code usual} or {@code full}, a folder
 * of this run, the program that starts a JVM, the one part to measure or nothing for all.
 */
public final class Main {
    private static final List<Limit> NONE = List.of();

    private final Path home;
    private final Path java;
    private final List<Row> rows = new ArrayList<>();

    private Main(Path home, Path java) {
        this.home = home;
        this.java = java;
    }

    /** Exit status 0 when every figure was measured, whatever the verdicts. */
    public static void main(String[] arguments) throws Exception {
        Main bench = new Main(Path.of(arguments[1]), Path.of(arguments[2]));
        LogPlan plan = arguments[0].equals("quick") ? LogPlan.quick() : LogPlan.usual();
        // A signal runs none of the closing below; brokers and gateways must not outlive this program.
        Runtime.getRuntime().addShutdownHook(new Thread(
                () -> ProcessHandle.current().descendants().forEach(ProcessHandle::destroyForcibly), "end-all"));
        String before = load();
        try {
            String only = arguments[3];
            if (only.isEmpty() || only.equals("take-over")) {
                told("take-over");
                bench.rows.add(TakeOver.measure(bench.home.resolve("gateways"), plan.failOvers()));
            }
            if (only.isEmpty() || only.equals("history")) {
                bench.history(plan, List.of(new Limit.Median(2500)), List.of(new Limit.Median(2500)));
            }
            if (arguments[0].equals("full") && (only.isEmpty() || only.equals("large"))) {
                bench.history(LogPlan.large(), NONE, List.of(new Limit.Median(2000)));
            }
        } finally {
            System.out.println("load average before " + before + ", after " + load() + "; "
                    + Runtime.getRuntime().availableProcessors() + " processors; the broker takes its share of them");
            System.out.print(Table.of(bench.rows));
        }
    }

    private static String load() throws IOException {
        String[] parts = Files.readString(Path.of("/proc/loadavg")).split(" ");
        return parts[0] + " " + parts[1] + " " + parts[2];
    }

    private void history(LogPlan plan, List<Limit> without, List<Limit> with) throws Exception {
        Path folder = home.resolve("history-" + plan.events());
        Path snapshot = folder.resolve("snapshot");
        try (OneBroker broker = new OneBroker(folder)) {
            broker.start();
            new Topics(broker.settings(), Duration.ofSeconds(20)).ensure();
            try (HistoryWriter writer = new HistoryWriter(broker.settings(), plan.names())) {
                told("history of " + plan.size());
                writer.writeUntil(plan.events() - plan.behind());
                LogRead.views(broker.settings(), snapshot, true);
                writer.writeUntil(plan.events());
                told("cold starts");
                rows.addAll(new ColdStart(broker, snapshot, java).measure(plan, writer.expected(), without, with));
                if (plan.replays() > 0) {
                    told("replay");
                    rows.add(new Replays(broker.settings(), folder.resolve("nowhere"))
                            .measure(plan, writer.written(), writer.expected()));
                }
            }
        }
    }

    private static void told(String what) {
        System.err.println("measuring: " + what);
    }
}
