package io.openshell.bench;

import io.openshell.bench.figure.Acknowledgement;
import io.openshell.bench.figure.ExecRoundTrip;
import io.openshell.bench.figure.FirstCreate;
import io.openshell.bench.figure.Lifecycle;
import io.openshell.bench.figure.ListProcess;
import io.openshell.bench.figure.Memory;
import io.openshell.bench.figure.PolicyChange;
import io.openshell.wire.v1.Sandbox;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * Measures every figure and prints the table. Arguments: {@code quick} or {@code full}, the launcher script, the folder of
 * the gateway's state, the program that starts a JVM, the one part to measure or nothing for all. The environment leads the launcher script to folders of this run.
 */
public final class Main {
    private final Plan plan;
    private final Product product;
    private final String only;
    private final List<Row> rows = new ArrayList<>();

    private Main(Plan plan, Product product, String only) {
        this.plan = plan;
        this.product = product;
        this.only = only;
    }

    /** Exit status 0 when every figure was measured or skipped with a reason, whatever the verdicts. */
    public static void main(String[] arguments) throws Exception {
        Plan plan = arguments[0].equals("quick") ? Plan.quick() : Plan.full();
        try (ShellClock shell = new ShellClock()) {
            Product product = new Product(Path.of(arguments[1]), Path.of(arguments[2]), Path.of(arguments[3]),
                    System.getProperty("java.class.path"), shell);
            Main bench = new Main(plan, product, arguments[4]);
            String before = load();
            try {
                bench.measure();
            } finally {
                System.out.println("load average before " + before + ", after " + load() + "; "
                        + Runtime.getRuntime().availableProcessors() + " processors; this program takes its share of them");
                System.out.print(Table.of(bench.rows));
            }
        }
    }

    private static String load() throws IOException {
        String[] parts = Files.readString(Path.of("/proc/loadavg")).split(" ");
        return parts[0] + " " + parts[1] + " " + parts[2];
    }

    private void measure() throws Exception {
        if (wanted("start")) {
            rows.add(new FirstCreate(product).measure(plan.firstCreates()));
            product.shell().time(product.command("gateway stop"));
        }
        // The limit of one caller's commands is not what is measured.
        product.shell().time(product.command("gateway start --commands-per-second 0"));
        Memory memory = new Memory(product);
        rows.add(memory.gateway("just started"));
        try (GatewayCalls calls = new GatewayCalls(product.socket()); RawLog log = new RawLog(product.broker())) {
            Sandboxes sandboxes = new Sandboxes(calls, product.client());
            if (wanted("life")) {
                rows.addAll(new Lifecycle(product, sandboxes).measure(plan.lifecycles()));
            }
            if (wanted("policy")) {
                rows.add(new PolicyChange(product.client(), sandboxes, log).measure(plan.policies()));
            }
            if (wanted("exec")) {
                inside(calls, sandboxes, memory);
            }
            if (wanted("commands")) {
                Acknowledgement acknowledgement = new Acknowledgement(calls, log, product.gatewayPid());
                rows.addAll(acknowledgement.measure(1, plan, List.of(new Limit.Median(3))));
                rows.addAll(acknowledgement.measure(16, plan, List.of()));
                rows.addAll(acknowledgement.measure(128, plan, List.of(new Limit.Rate(10_000))));
            }
        }
        if (wanted("processes")) {
            rows.add(new ListProcess(product).measure(plan.processes()));
        }
        rows.add(memory.gateway("after this run"));
    }

    /** Whether this part is to be measured; says that it begins. */
    private boolean wanted(String part) {
        boolean wanted = only.isEmpty() || only.equals(part);
        if (wanted) {
            System.err.println("measuring: " + part);
        }
        return wanted;
    }

    private void inside(GatewayCalls calls, Sandboxes sandboxes, Memory memory) throws Exception {
        ExecRoundTrip exec = new ExecRoundTrip(product, calls);
        Sandbox sandbox = sandboxes.create("inside-0");
        long process = ExecRoundTrip.newestInside(product);
        Row.Measured alone = exec.measure("exec round trip, 1 sandbox up", sandbox, process, plan.execs());
        rows.add(alone);
        for (int i = 1; i < plan.idle(); i++) {
            sandboxes.create("inside-" + i);
        }
        rows.add(memory.perSandbox(plan.idle()));
        rows.add(memory.idleProcessor(plan.idle()));
        Row.Measured crowded = exec.measure("exec round trip", sandbox, process, plan.execs());
        rows.add(new Row.Measured("exec round trip, " + plan.idle() + " sandboxes up", "ms", List.of(new Limit.Ratio(1.2)),
                Row.Values.against(crowded.values().subject(),
                        new Row.Yardstick("1 sandbox up", alone.values().subject(), ""))));
        for (int i = 0; i < plan.idle(); i++) {
            sandboxes.delete("inside-" + i);
        }
    }
}
