package io.openshell.bench.figure;

import io.openshell.bench.Hello;
import io.openshell.bench.Interleaved;
import io.openshell.bench.Limit;
import io.openshell.bench.Plan;
import io.openshell.bench.Product;
import io.openshell.bench.Recorder;
import io.openshell.bench.Row;
import java.util.List;

/** {@code sandbox list} as a process, from start to exit, against the smallest program on the same JVM. */
public final class ListProcess {
    private final Product product;

    /** Measures this product. */
    public ListProcess(Product product) {
        this.product = product;
    }

    /** So many processes, one after the other. */
    public Row measure(int rounds) throws Exception {
        String hello = "'" + product.java() + "' -XX:TieredStopAtLevel=1 -XX:+UseSerialGC -cp '" + product.classPath() + "' "
                + Hello.class.getName();
        Recorder list = new Recorder();
        Recorder jvm = new Recorder();
        List<Interleaved.Step> steps = List.of(
                () -> list.add(product.shell().time(product.command("sandbox list"))),
                () -> jvm.add(product.shell().time(hello)));
        Interleaved.run(Plan.warmUp(rounds) / 2, steps);
        list.clear();
        jvm.clear();
        Interleaved.run(rounds, steps);
        return new Row.Measured("sandbox list, as a process", "ms", List.of(new Limit.Median(150)),
                Row.Values.against(list.samples(), new Row.Yardstick("JVM hello", jvm.samples(), "")));
    }
}
