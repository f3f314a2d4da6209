package io.openshell.bench.figure;

import io.openshell.bench.Limit;
import io.openshell.bench.Product;
import io.openshell.bench.Recorder;
import io.openshell.bench.Row;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** The first {@code sandbox create} with nothing running: starts the gateway, runs a program, ends. Leaves the gateway up. */
public final class FirstCreate {
    private static final int ARCHIVE_SECONDS = 90;

    private final Product product;

    /** Measures this product. */
    public FirstCreate(Product product) {
        this.product = product;
    }

    /** Each time but the last, the gateway is stopped again and its state removed. */
    public Row measure(int times) throws Exception {
        awaitArchive();
        Recorder recorder = new Recorder();
        for (int i = 0; i < times; i++) {
            if (i > 0) {
                product.shell().time(product.command("gateway stop"));
                product.shell().time("rm -rf --one-file-system '" + product.state() + "'");
            }
            recorder.add(product.shell().time(product.command("sandbox create --name first --no-tty -- true")));
            product.shell().time(product.command("sandbox delete first"));
        }
        return new Row.Measured("first sandbox create, nothing running", "ms", List.of(new Limit.Median(5000)),
                Row.Values.of(recorder.samples()));
    }

    /** The start-up archive is made in the background at the first call after a build; that is no part of later calls. */
    private void awaitArchive() throws InterruptedException {
        product.shell().time(product.command("--version"));
        String ready = "ls \"$XDG_CACHE_HOME\"/openshell/cli-*.aot \"$XDG_CACHE_HOME\"/openshell/cli-*.jsa | grep -q .";
        for (int i = 0; i < ARCHIVE_SECONDS * 4 && product.shell().run(ready).status() != 0; i++) {
            TimeUnit.MILLISECONDS.sleep(250);
        }
    }
}
