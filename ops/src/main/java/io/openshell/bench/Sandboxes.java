package io.openshell.bench;

import io.openshell.cli.client.GatewayClient;
import io.openshell.cli.client.Rpc;
import io.openshell.cli.client.RpcCode;
import io.openshell.cli.client.RpcException;
import io.openshell.wire.control.v1.GetHistoryRequest;
import io.openshell.wire.control.v1.HistoryEntry;
import io.openshell.wire.v1.CreateSandboxRequest;
import io.openshell.wire.v1.DeleteSandboxRequest;
import io.openshell.wire.v1.DeleteSandboxResponse;
import io.openshell.wire.v1.GetSandboxRequest;
import io.openshell.wire.v1.OpenShellGrpcClient;
import io.openshell.wire.v1.Sandbox;
import io.openshell.wire.v1.SandboxPhase;
import io.openshell.wire.v1.SandboxResponse;
import io.openshell.wire.v1.SandboxSpec;
import io.openshell.wire.v1.SandboxStreamEvent;
import io.openshell.wire.v1.WatchSandboxRequest;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;

/** Creates, deletes and reads sandboxes as a long-lived client does. */
public final class Sandboxes {
    private static final Duration LIMIT = Duration.ofSeconds(15);
    private static final String WORKSPACE = "default";

    private final GatewayCalls calls;
    private final GatewayClient client;

    /** Uses these connections. */
    public Sandboxes(GatewayCalls calls, GatewayClient client) {
        this.calls = calls;
        this.client = client;
    }

    /** Creates a sandbox that sleeps, and returns when a watching client was told that it is ready. */
    public Sandbox create(String name) throws Exception {
        CreateSandboxRequest request = CreateSandboxRequest.newBuilder().setName(name).setWorkspace(WORKSPACE)
                .setSpec(SandboxSpec.newBuilder().addCommand("sleep").addCommand("3600")).build();
        AtomicReference<Sandbox> seen = new AtomicReference<>();
        calls.call(OpenShellGrpcClient.CreateSandbox, request, (SandboxResponse r) -> seen.set(r.getSandbox())).get();
        WatchSandboxRequest watch = WatchSandboxRequest.newBuilder().setId(seen.get().getMetadata().getId())
                .setFollowStatus(true).setStopOnTerminal(true).build();
        calls.call(OpenShellGrpcClient.WatchSandbox, watch, (SandboxStreamEvent event) -> {
            if (event.hasSandbox()) {
                seen.set(event.getSandbox());
            }
        }).get();
        if (seen.get().getStatus().getPhase() != SandboxPhase.SANDBOX_PHASE_READY) {
            throw new IllegalStateException("sandbox " + name + " is not ready but " + seen.get().getStatus().getPhase());
        }
        return seen.get();
    }

    /** Deletes a sandbox and returns when it is gone. */
    public void delete(String name) throws Exception {
        DeleteSandboxRequest request = DeleteSandboxRequest.newBuilder().setName(name).setWorkspace(WORKSPACE).build();
        calls.call(OpenShellGrpcClient.DeleteSandbox, request, (DeleteSandboxResponse r) -> { }).get();
        long end = System.nanoTime() + LIMIT.toNanos();
        while (exists(name)) {
            if (System.nanoTime() > end) {
                throw new IllegalStateException("sandbox " + name + " is not gone after " + LIMIT.toSeconds() + " s");
            }
            // The question must not slow down what it asks about.
            TimeUnit.MILLISECONDS.sleep(5);
        }
    }

    private boolean exists(String name) throws Exception {
        GetSandboxRequest request = GetSandboxRequest.newBuilder().setName(name).setWorkspace(WORKSPACE).build();
        try {
            calls.call(OpenShellGrpcClient.GetSandbox, request, (SandboxResponse r) -> { }).get();
            return true;
        } catch (ExecutionException e) {
            if (e.getCause() instanceof RpcException refused && refused.code() == RpcCode.NOT_FOUND) {
                return false;
            }
            throw e;
        }
    }

    /** Every event of a name so far, oldest first. */
    public List<HistoryEntry> history(String name) {
        List<HistoryEntry> entries = new ArrayList<>();
        client.stream(Rpc.HISTORY, GetHistoryRequest.newBuilder().setWorkspace(WORKSPACE).setName(name).build(),
                entry -> entries.add(entry), LIMIT);
        return entries;
    }
}
