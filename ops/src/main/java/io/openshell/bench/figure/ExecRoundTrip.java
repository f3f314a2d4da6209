package io.openshell.bench.figure;

import io.openshell.bench.GatewayCalls;
import io.openshell.bench.Interleaved;
import io.openshell.bench.Limit;
import io.openshell.bench.Plan;
import io.openshell.bench.Product;
import io.openshell.bench.Processes;
import io.openshell.bench.Recorder;
import io.openshell.bench.Row;
import io.openshell.wire.v1.ExecSandboxEvent;
import io.openshell.wire.v1.ExecSandboxRequest;
import io.openshell.wire.v1.OpenShellGrpcClient;
import io.openshell.wire.v1.Sandbox;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;

/** Running {@code true} in a live sandbox, from request to exit status at the gateway's socket, against {@code nsenter}. */
public final class ExecRoundTrip {
    private final Product product;
    private final GatewayCalls calls;

    /** Measures through these connections. */
    public ExecRoundTrip(Product product, GatewayCalls calls) {
        this.product = product;
        this.calls = calls;
    }

    /** So many programs, one after the other, in this sandbox. */
    public Row.Measured measure(String figure, Sandbox sandbox, long processInside, int rounds) throws Exception {
        ExecSandboxRequest request = ExecSandboxRequest.newBuilder().setSandboxId(sandbox.getMetadata().getId())
                .addCommand("true").build();
        String nsenter = "nsenter -t " + processInside + " -m -u -i -n -p true";
        Recorder exec = new Recorder();
        Recorder raw = new Recorder();
        List<Interleaved.Step> steps = List.of(() -> {
            long begun = System.nanoTime();
            run(request);
            exec.addNanos(System.nanoTime() - begun);
        }, () -> raw.add(product.shell().time(nsenter)));
        Interleaved.run(Plan.warmUp(rounds), steps);
        exec.clear();
        raw.clear();
        Interleaved.run(rounds, steps);
        return new Row.Measured(figure, "ms", List.of(new Limit.Median(6)),
                Row.Values.against(exec.samples(), new Row.Yardstick("nsenter true", raw.samples(), "")));
    }

    private void run(ExecSandboxRequest request) throws Exception {
        AtomicInteger status = new AtomicInteger(-1);
        calls.call(OpenShellGrpcClient.ExecSandbox, request, (ExecSandboxEvent event) -> {
            if (event.hasExit()) {
                status.set(event.getExit().getExitCode());
            }
        }).get();
        if (status.get() != 0) {
            throw new IllegalStateException("exec of true ended with " + status.get());
        }
    }

    /** Any process of the sandbox that was created last. */
    public static long newestInside(Product product) {
        return Processes.children(product.gatewayPid()).stream().mapToLong(Long::longValue).max()
                .orElseThrow(() -> new IllegalStateException("the gateway has no process in a sandbox"));
    }
}
