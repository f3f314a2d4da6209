package io.openshell.gateway.grpc;

import io.openshell.gateway.auth.Callers;
import io.openshell.gateway.config.GatewayConfig;
import io.openshell.gateway.metrics.HealthPages;
import io.openshell.gateway.tls.LocalCertificates;
import io.openshell.wire.control.v1.ControlGrpcService;
import io.openshell.wire.control.v1.GlobalPoliciesGrpcService;
import io.openshell.wire.control.v1.NodeRelayGrpcService;
import io.openshell.wire.control.v1.ImagesGrpcService;
import io.openshell.wire.control.v1.IsolationGrpcService;
import io.openshell.wire.control.v1.OpsGrpcService;
import io.openshell.wire.control.v1.PolicyReviewGrpcService;
import io.openshell.wire.control.v1.TimelineGrpcService;
import io.openshell.wire.control.v1.TopicsGrpcService;
import io.openshell.wire.inference.v1.InferenceGrpcService;
import io.openshell.wire.v1.OpenShellGrpcService;
import io.vertx.core.Future;
import io.vertx.core.Handler;
import io.vertx.core.Vertx;
import io.vertx.core.http.ClientAuth;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.net.PemKeyCertOptions;
import io.vertx.core.net.PemTrustOptions;
import io.vertx.core.net.SocketAddress;
import io.vertx.grpc.server.GrpcServer;
import io.vertx.grpc.server.GrpcServerOptions;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.LongSupplier;

/**
 * The gateway's two listeners: a Unix socket only its own user can open, and the loopback port with TLS on both sides.
 * Both serve gRPC, gRPC-Web and the plain {@link HealthPages}.
 */
public final class GatewayServer implements AutoCloseable {

    // Attach input may be larger than what the published services take; the table checks those.
    private static final long LARGEST_FRAME = 4L * 1_048_576 + 65_536;
    private static final Duration START_LIMIT = Duration.ofSeconds(10);

    private final LocalSocket socket;
    private final HttpServer local;
    private final HttpServer loopback;

    private GatewayServer(LocalSocket socket, HttpServer local, HttpServer loopback) {
        this.socket = socket;
        this.local = local;
        this.loopback = loopback;
    }

    /**
     * Opens both listeners. Blocks up to ten seconds each; not for event loops.
     *
     * @throws StartFailed when a listener cannot be opened
     */
    public static GatewayServer start(
            Vertx vertx, GatewayConfig config, LocalCertificates certificates, Callers callers, List<RpcGroup> groups) {
        return start(vertx, config, certificates, new Served(callers, groups, HealthPages.PLAIN, () -> 0));
    }

    /**
     * What the listeners serve.
     *
     * @param viewAgeMs how old answers may be, told with each of them; must not block
     */
    public record Served(Callers callers, List<RpcGroup> groups, HealthPages pages, LongSupplier viewAgeMs) {}

    /** Opens both listeners for all of this; as {@link #start(Vertx, GatewayConfig, LocalCertificates, Callers, List)}. */
    public static GatewayServer start(
            Vertx vertx, GatewayConfig config, LocalCertificates certificates, Served served) {
        GrpcServer grpc = GrpcServer.server(vertx, new GrpcServerOptions()
                .setMaxMessageSize(LARGEST_FRAME)
                // A caller's grpc-timeout ends its call; the command it sent goes on.
                .setScheduleDeadlineAutomatically(true));
        RpcTable table = new RpcTable(grpc, served.callers(), served.viewAgeMs());
        served.groups().forEach(group -> group.addTo(table));
        table.refuseTheRest(OpenShellGrpcService.all());
        table.refuseTheRest(InferenceGrpcService.all());
        table.refuseTheRest(ControlGrpcService.all());
        table.refuseTheRest(NodeRelayGrpcService.all());
        table.refuseTheRest(IsolationGrpcService.all());
        table.refuseTheRest(OpsGrpcService.all());
        table.refuseTheRest(PolicyReviewGrpcService.all());
        table.refuseTheRest(TimelineGrpcService.all());
        table.refuseTheRest(TopicsGrpcService.all());
        table.refuseTheRest(ImagesGrpcService.all());
        table.refuseTheRest(GlobalPoliciesGrpcService.all());
        Handler<HttpServerRequest> handler = request -> route(request, grpc, served.pages());

        LocalSocket socket = LocalSocket.prepare(config.folders().socket());
        HttpServer loopback = vertx.createHttpServer(loopbackOptions(config, certificates)).requestHandler(handler);
        await(loopback.listen(config.port(), "127.0.0.1"), "port " + config.port()
                + " on 127.0.0.1 cannot be opened; is another gateway running? Choose one with --port");
        // Last, because whoever finds the local socket answering takes the gateway for started.
        HttpServer local = vertx.createHttpServer(new HttpServerOptions()).requestHandler(handler);
        try {
            await(local.listen(SocketAddress.domainSocketAddress(socket.path().toString())),
                    "the local socket " + socket.path() + " cannot be opened");
            socket.restrict();
        } catch (StartFailed failed) {
            local.close();
            loopback.close();
            throw failed;
        }
        return new GatewayServer(socket, local, loopback);
    }

    private static HttpServerOptions loopbackOptions(GatewayConfig config, LocalCertificates certificates) {
        HttpServerOptions options = new HttpServerOptions();
        if (config.plaintextLoopback()) {
            return options;
        }
        return options.setSsl(true)
                .setUseAlpn(true)
                .setClientAuth(ClientAuth.REQUIRED)
                .setKeyCertOptions(new PemKeyCertOptions()
                        .setCertPath(certificates.serverCertificate().toString())
                        .setKeyPath(certificates.serverKey().toString()))
                .setTrustOptions(new PemTrustOptions().addCertPath(certificates.authority().toString()));
    }

    private static void route(HttpServerRequest request, GrpcServer grpc, HealthPages pages) {
        String type = request.getHeader("content-type");
        if (type != null && type.startsWith("application/grpc")) {
            grpc.handle(request);
        } else {
            pages.answer(request);
        }
    }

    private static void await(Future<?> listening, String otherwise) {
        try {
            listening.toCompletionStage().toCompletableFuture().get(START_LIMIT.toMillis(), TimeUnit.MILLISECONDS);
        } catch (ExecutionException | TimeoutException failed) {
            throw new StartFailed(otherwise, failed);
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw new StartFailed("the start was interrupted", interrupted);
        }
    }

    /** Closes both listeners and removes the socket; waits up to ten seconds for each. */
    @Override
    public void close() {
        await(loopback.close(), "the loopback listener did not close");
        await(local.close(), "the local listener did not close");
        socket.remove();
    }
}
