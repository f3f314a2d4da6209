package io.openshell.bench.figure;

import io.openshell.bench.ClosedLoop;
import io.openshell.bench.GatewayCalls;
import io.openshell.bench.Interleaved;
import io.openshell.bench.Limit;
import io.openshell.bench.Plan;
import io.openshell.bench.Processes;
import io.openshell.bench.RawLog;
import io.openshell.bench.Recorder;
import io.openshell.bench.Row;
import io.openshell.cli.client.RpcCode;
import io.openshell.cli.client.RpcException;
import io.openshell.wire.v1.OpenShellGrpcClient;
import io.openshell.wire.v1.SandboxResponse;
import io.openshell.wire.v1.StopSandboxRequest;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * A command from request to answer, against a plain producer that waits for all replicas. The command stops a sandbox
 * nobody made: like every command it goes through the log, is decided, its refusal is committed as an event and folded,
 * and only then answered; it gives the host nothing to do. Never the same name twice: a refusal that is repeated is
 * counted, not committed.
 */
public final class Acknowledgement {
    private final GatewayCalls calls;
    private final RawLog log;
    private final long gateway;
    private final AtomicInteger next = new AtomicInteger();

    /** Measures through these connections; the gateway's process tells its processor time. */
    public Acknowledgement(GatewayCalls calls, RawLog log, long gateway) {
        this.calls = calls;
        this.log = log;
        this.gateway = gateway;
    }

    /** With so many callers at a time: the time until the answer, and the gateway's processor time for it. */
    public List<Row> measure(int callers, Plan plan, List<Limit> limits) throws Exception {
        Recorder processor = new Recorder();
        ClosedLoop commands = new ClosedLoop(this::command, new Recorder());
        ClosedLoop raw = new ClosedLoop(log::send, new Recorder());
        List<Interleaved.Step> warmUp = List.of(() -> commands.run(callers, Duration.ofMillis(700)),
                () -> raw.run(callers, Duration.ofMillis(300)));
        Interleaved.run(1, warmUp);
        commands.clear();
        raw.clear();
        Interleaved.run(plan.slices(), List.of(() -> {
            double before = Processes.cpuMillis(gateway);
            int first = next.get();
            commands.run(callers, plan.slice());
            processor.add((Processes.cpuMillis(gateway) - before) / (next.get() - first));
        }, () -> raw.run(callers, plan.slice())));
        String note = String.format(Locale.ROOT, "%.0f/s", raw.perSecond());
        String who = callers + (callers == 1 ? " caller" : " callers");
        return List.of(new Row.Measured("command acknowledged, " + who, "ms", limits,
                new Row.Values(commands.samples(),
                        Optional.of(new Row.Yardstick("raw producer", raw.samples(), note)),
                        OptionalDouble.of(commands.perSecond()))),
                new Row.Measured("  processor time of the gateway each", "ms", List.of(), Row.Values.of(processor.samples())));
    }

    private CompletableFuture<Void> command() {
        StopSandboxRequest request = StopSandboxRequest.newBuilder()
                .setName("nobody-" + next.getAndIncrement()).build();
        return calls.call(OpenShellGrpcClient.StopSandbox, request, (SandboxResponse r) -> { }).handle((done, failure) -> {
            Throwable cause = failure instanceof CompletionException ? failure.getCause() : failure;
            if (cause instanceof RpcException refused && refused.code() == RpcCode.NOT_FOUND) {
                return null;
            }
            throw new IllegalStateException("the command was not refused as it should be", cause);
        });
    }
}
