package io.openshell.cli.client;

import com.google.protobuf.MessageLite;
import io.openshell.wire.v1.GetSandboxRequest;
import io.openshell.wire.v1.HealthRequest;
import io.openshell.wire.v1.HealthResponse;
import io.openshell.wire.v1.Sandbox;
import java.io.IOException;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** Calls to one gateway. Each call uses a connection of its own. Safe for use by several threads. */
public final class GatewayClient {
    /** Longest time one short call may take. */
    private static final Duration CALL_DEADLINE = Duration.ofSeconds(30);

    private final Endpoint endpoint;
    private final Map<String, String> metadata;

    /**
     * A client of the gateway at this address.
     *
     * @param metadata request headers such as {@code authorization}; may hold secrets
     */
    public GatewayClient(Endpoint endpoint, Map<String, String> metadata) {
        this.endpoint = endpoint;
        this.metadata = Map.copyOf(metadata);
    }

    /** Where the gateway listens. */
    public Endpoint endpoint() {
        return endpoint;
    }

    /** Request headers of every call; may hold secrets. */
    public Map<String, String> metadata() {
        return metadata;
    }

    /** The same gateway with one more request header on every call. */
    public GatewayClient with(String header, String value) {
        Map<String, String> more = new HashMap<>(metadata);
        more.put(header, value);
        return new GatewayClient(endpoint, more);
    }

    /**
     * One request, one answer, within 30 seconds.
     *
     * @throws RpcException when the gateway refuses or does not answer
     */
    public <Q extends MessageLite, R extends MessageLite> R call(Rpc<Q, R> rpc, Q request) {
        return call(rpc, request, CALL_DEADLINE);
    }

    /** One request, one answer, within the given time. */
    public <Q extends MessageLite, R extends MessageLite> R call(Rpc<Q, R> rpc, Q request, Duration deadline) {
        AtomicReference<@Nullable R> answer = new AtomicReference<>();
        new GrpcWebCall(endpoint, metadata).run(rpc, request, message -> {
            answer.set(message);
            return true;
        }, deadline);
        R received = answer.get();
        if (received == null) {
            throw new RpcException(RpcCode.INTERNAL, "the gateway answered nothing");
        }
        return received;
    }

    /**
     * One request, any number of answers, handed on in order on the calling thread.
     *
     * @param onAnswer false ends the stream early
     * @param deadline longest duration of the whole stream, or null for as long as its subject lasts
     */
    public <Q extends MessageLite, R extends MessageLite> void stream(Rpc<Q, R> rpc, Q request, Predicate<R> onAnswer,
            @Nullable Duration deadline) {
        new GrpcWebCall(endpoint, metadata).run(rpc, request, onAnswer, deadline);
    }

    /** A sandbox by name. */
    public Sandbox sandbox(String workspace, String name) {
        return call(Rpc.GET, GetSandboxRequest.newBuilder().setWorkspace(workspace).setName(name).build()).getSandbox();
    }

    /** Whether the gateway is alive, and its version. */
    public HealthResponse health(Duration deadline) {
        return call(Rpc.HEALTH, HealthRequest.getDefaultInstance(), deadline);
    }

    /** Whether something accepts connections there; costs one connect. */
    public boolean accepts() {
        try (Connection probe = endpoint.connect()) {
            return true;
        } catch (IOException e) {
            return false;
        }
    }
}
