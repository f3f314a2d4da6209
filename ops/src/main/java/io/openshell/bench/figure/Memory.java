package io.openshell.bench.figure;

import io.openshell.bench.Limit;
import io.openshell.bench.Processes;
import io.openshell.bench.Product;
import io.openshell.bench.Row;
import io.openshell.bench.Samples;
import io.openshell.bench.ShellClock;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** Memory of the gateway process (with broker and agent) and of sandboxes, and what doing nothing costs. */
public final class Memory {
    private static final int LOOKS = 200;

    private final Product product;

    /** Measures this product. */
    public Memory(Product product) {
        this.product = product;
    }

    /** The gateway as it is now; a limit holds for both states. */
    public Row gateway(String state) {
        double rss = Processes.rss(product.gatewayPid());
        return new Row.Measured("memory of the local gateway, " + state, "MiB RSS", List.of(new Limit.Median(600)),
                Row.Values.of(Samples.of(rss)));
    }

    /** Processor time the gateway takes while nobody asks anything of it, over three seconds. */
    public Row idleProcessor(int sandboxes) throws InterruptedException {
        long pid = product.gatewayPid();
        double before = Processes.cpuMillis(pid);
        long begun = System.nanoTime();
        TimeUnit.SECONDS.sleep(3);
        double used = (Processes.cpuMillis(pid) - before) / ((System.nanoTime() - begun) / 1e9);
        return new Row.Measured("processor time of the idle gateway, " + sandboxes + " up", "ms/s", List.of(),
                Row.Values.of(Samples.of(used)));
    }

    /** Proportional memory of each of so many sandboxes of the gateway, against as many programs under bubblewrap. */
    public Row perSandbox(int sandboxes) throws Exception {
        return perSandbox(product.gatewayPid(), sandboxes, product.shell());
    }

    /** The same for the sandboxes of any process. */
    public static Row perSandbox(long owner, int sandboxes, ShellClock shell) throws Exception {
        String figure = "memory per idle sandbox, " + sandboxes + " up";
        double own = Processes.pssBelow(owner) / sandboxes;
        if (shell.run(Lifecycle.BWRAP).status() != 0) {
            return new Row.Measured(figure, "MiB PSS", List.of(new Limit.Ratio(1.5)), Row.Values.of(Samples.of(own)));
        }
        return new Row.Measured(figure, "MiB PSS", List.of(new Limit.Ratio(1.5)), Row.Values.against(Samples.of(own),
                new Row.Yardstick("bwrap sleep", Samples.of(bwrap(sandboxes)), "")));
    }

    private static double bwrap(int count) throws Exception {
        List<Process> started = new ArrayList<>();
        try {
            for (int i = 0; i < count; i++) {
                started.add(start());
            }
            double sum = 0;
            for (Process process : started) {
                awaitProgram(process);
                sum += Processes.pss(process.pid()) + Processes.pssBelow(process.pid());
            }
            return sum / count;
        } finally {
            for (Process process : started) {
                process.destroyForcibly();
                process.waitFor(10, TimeUnit.SECONDS);
            }
        }
    }

    private static Process start() throws IOException {
        return new ProcessBuilder("bwrap", "--unshare-all", "--die-with-parent", "--ro-bind", "/", "/", "sleep", "300")
                .redirectErrorStream(true).redirectOutput(ProcessBuilder.Redirect.DISCARD).start();
    }

    /** bwrap starts a first process inside, and that one the program. */
    private static void awaitProgram(Process bwrap) throws InterruptedException {
        for (int i = 0; i < LOOKS && bwrap.descendants().count() < 2; i++) {
            TimeUnit.MILLISECONDS.sleep(10);
        }
    }
}
