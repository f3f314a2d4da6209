package io.openshell.bench.figure;

import io.openshell.bench.EventTimes;
import io.openshell.bench.Interleaved;
import io.openshell.bench.Limit;
import io.openshell.bench.Plan;
import io.openshell.bench.RawLog;
import io.openshell.bench.Recorder;
import io.openshell.bench.Row;
import io.openshell.bench.Sandboxes;
import io.openshell.cli.client.GatewayClient;
import io.openshell.cli.client.Rpc;
import io.openshell.wire.control.v1.HistoryEntry;
import io.openshell.wire.sandbox.v1.GetSandboxConfigRequest;
import io.openshell.wire.sandbox.v1.NetworkBinary;
import io.openshell.wire.sandbox.v1.NetworkEndpoint;
import io.openshell.wire.sandbox.v1.NetworkPolicyRule;
import io.openshell.wire.sandbox.v1.SandboxPolicy;
import io.openshell.wire.v1.GetSandboxPolicyStatusRequest;
import io.openshell.wire.v1.PolicyStatus;
import io.openshell.wire.v1.UpdateConfigRequest;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** From a changed policy to its enforcement on a live sandbox, against sending a record and consuming it. */
public final class PolicyChange {
    private static final String NAME = "policy";
    private static final long LIMIT_NANOS = TimeUnit.SECONDS.toNanos(15);

    private final GatewayClient client;
    private final Sandboxes sandboxes;
    private final RawLog log;
    private int port = 1024;

    /** Measures through this client. */
    public PolicyChange(GatewayClient client, Sandboxes sandboxes, RawLog log) {
        this.client = client;
        this.sandboxes = sandboxes;
        this.log = log;
    }

    /** So many changes, one after the other. */
    public Row measure(int rounds) throws Exception {
        String id = sandboxes.create(NAME).getMetadata().getId();
        SandboxPolicy start = client.call(Rpc.CONFIG, GetSandboxConfigRequest.newBuilder().setSandboxId(id).build()).getPolicy();
        Recorder raw = new Recorder();
        List<Interleaved.Step> steps = List.of(() -> change(start), () -> {
            long begun = System.nanoTime();
            log.sendAndConsume();
            raw.addNanos(System.nanoTime() - begun);
        });
        int warmUp = Plan.warmUp(rounds);
        Interleaved.run(warmUp, steps);
        raw.clear();
        Interleaved.run(rounds, steps);
        Recorder enforced = new Recorder();
        List<HistoryEntry> history = sandboxes.history(NAME);
        // The first revision came with the sandbox itself.
        history.stream().filter(e -> e.getType().equals("PolicyRevisionStored")).skip(1L + warmUp)
                .forEach(stored -> enforced.add(EventTimes.until(history, stored, "PolicyRevisionLoaded")));
        sandboxes.delete(NAME);
        return new Row.Measured("policy set → enforced", "ms", List.of(new Limit.Median(20), new Limit.P99(100)),
                Row.Values.against(enforced.samples(), new Row.Yardstick("Kafka send → consumed", raw.samples(), "")));
    }

    private void change(SandboxPolicy start) throws InterruptedException {
        // One rule that is another each time: an equal policy would be no change.
        SandboxPolicy changed = start.toBuilder().putNetworkPolicies("bench", NetworkPolicyRule.newBuilder()
                .addEndpoints(NetworkEndpoint.newBuilder().setHost("bench.example").setPort(port++))
                .addBinaries(NetworkBinary.newBuilder().setPath("/usr/bin/curl")).build()).build();
        int version = client.call(Rpc.UPDATE_CONFIG,
                UpdateConfigRequest.newBuilder().setName(NAME).setPolicy(changed).build()).getVersion();
        long end = System.nanoTime() + LIMIT_NANOS;
        while (status(version) != PolicyStatus.POLICY_STATUS_LOADED) {
            if (System.nanoTime() > end) {
                throw new IllegalStateException("policy version " + version + " is not loaded but " + status(version));
            }
            TimeUnit.MILLISECONDS.sleep(5);
        }
    }

    private PolicyStatus status(int version) {
        return client.call(Rpc.POLICY_STATUS, GetSandboxPolicyStatusRequest.newBuilder().setName(NAME).setVersion(version)
                .build()).getRevision().getStatus();
    }
}
