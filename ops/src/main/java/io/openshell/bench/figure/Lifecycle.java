package io.openshell.bench.figure;

import io.openshell.bench.Interleaved;
import io.openshell.bench.Limit;
import io.openshell.bench.Parts;
import io.openshell.bench.Plan;
import io.openshell.bench.Product;
import io.openshell.bench.Recorder;
import io.openshell.bench.Row;
import io.openshell.bench.Samples;
import io.openshell.bench.Sandboxes;
import io.openshell.wire.control.v1.HistoryEntry;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;

/** From create to Ready and from delete to gone, against starting a program in fresh namespaces with bubblewrap. */
public final class Lifecycle {
    /** Starts a program in namespaces of its own with the machine's files, and waits for its end. */
    public static final String BWRAP = "bwrap --unshare-all --ro-bind / / true";

    private final Product product;
    private final Sandboxes sandboxes;
    private final Parts ready = new Parts("SandboxRequested", "SandboxReady");
    private final Parts gone = new Parts("DeleteRequested", "SandboxDeleted");
    private final Recorder seen = new Recorder();
    private final Recorder bwrap = new Recorder();
    private int next;

    /** Measures this product. */
    public Lifecycle(Product product, Sandboxes sandboxes) {
        this.product = product;
        this.sandboxes = sandboxes;
    }

    /** So many sandboxes, one after the other. */
    public List<Row> measure(int rounds) throws Exception {
        List<Interleaved.Step> steps = new ArrayList<>(List.of(this::once));
        List<Row> rows = new ArrayList<>();
        boolean comparable = product.shell().run(BWRAP).status() == 0;
        if (comparable) {
            steps.add(() -> bwrap.add(product.shell().time(BWRAP)));
        } else {
            rows.add(new Row.Skipped("launch against bwrap", product.has("bwrap")
                    ? "bwrap may not make namespaces here" : "bwrap is not installed (Debian package bubblewrap)"));
        }
        Interleaved.run(Plan.warmUp(rounds), steps);
        List.of(seen, bwrap).forEach(Recorder::clear);
        int warm = next;
        Interleaved.run(rounds, steps);
        // Reading histories is work for the gateway, so it waits until nothing is measured any more.
        for (int i = warm; i < next; i++) {
            List<HistoryEntry> history = sandboxes.history(name(i));
            ready.add(history);
            gone.add(history);
        }
        Optional<Row.Yardstick> yardstick = comparable
                ? Optional.of(new Row.Yardstick("bwrap true", bwrap.samples(), "")) : Optional.empty();
        rows.add(row("create → Ready", List.of(new Limit.Median(20), new Limit.P99(80), new Limit.Ratio(5)),
                ready.whole(), yardstick));
        rows.addAll(ready.rows());
        rows.add(row("create → a watching client is told", List.of(), seen.samples(), yardstick));
        rows.add(row("delete → gone", List.of(new Limit.Median(20)), gone.whole(), Optional.empty()));
        rows.addAll(gone.rows());
        return rows;
    }

    private static Row row(String figure, List<Limit> limits, Samples samples, Optional<Row.Yardstick> yardstick) {
        return new Row.Measured(figure, "ms", limits, new Row.Values(samples, yardstick, OptionalDouble.empty()));
    }

    private void once() throws Exception {
        String name = name(next++);
        long begun = System.nanoTime();
        sandboxes.create(name);
        seen.addNanos(System.nanoTime() - begun);
        sandboxes.delete(name);
    }

    private static String name(int number) {
        return "cycle-" + number;
    }
}
