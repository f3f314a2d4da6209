package io.openshell.gateway;

import io.openshell.gateway.auth.Callers;
import io.openshell.gateway.config.GatewayConfig;
import io.openshell.gateway.grpc.Commands;
import io.openshell.gateway.grpc.GatewayEndpoint;
import io.openshell.gateway.grpc.GatewayServer;
import io.openshell.gateway.grpc.NameGenerator;
import io.openshell.gateway.grpc.NodesEndpoint;
import io.openshell.gateway.grpc.PolicyEndpoint;
import io.openshell.gateway.grpc.SandboxEndpoint;
import io.openshell.gateway.learn.DraftEndpoint;
import io.openshell.gateway.grpc.ViewSource;
import io.openshell.gateway.provider.InferenceEndpoint;
import io.openshell.gateway.provider.ProviderEndpoint;
import io.openshell.gateway.provider.SandboxProvidersEndpoint;
import io.openshell.gateway.query.AttestationEndpoint;
import io.openshell.gateway.query.EventJson;
import io.openshell.gateway.query.HistoryEndpoint;
import io.openshell.gateway.query.LogsEndpoint;
import io.openshell.gateway.query.PolicyReviewEndpoint;
import io.openshell.gateway.session.AttachEndpoint;
import io.openshell.gateway.session.ExecEndpoint;
import io.openshell.gateway.session.NodeRelayEndpoint;
import io.openshell.gateway.session.RelayBroker;
import io.openshell.gateway.session.SessionOpening;
import io.openshell.gateway.time.FakeLog;
import io.openshell.gateway.time.HistorySearchEndpoint;
import io.openshell.gateway.time.ReplayEndpoint;
import io.openshell.gateway.time.ReplayExport;
import io.openshell.gateway.time.StoredHistory;
import io.openshell.gateway.time.TimedViews;
import io.openshell.gateway.time.TimelineEndpoint;
import io.openshell.gateway.tls.LocalCertificates;
import io.openshell.gateway.vault.Vault;
import io.openshell.gateway.watch.WatchEndpoint;
import io.openshell.model.global.GlobalPolicy;
import io.openshell.model.inference.InferenceRoutes;
import io.openshell.model.policy.BuiltInPolicies;
import io.openshell.projection.verdicts.LogVerdicts;
import io.openshell.projection.past.Views;
import io.openshell.projection.past.ViewsCheck;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClientRequest;
import io.vertx.core.http.HttpClientResponse;
import io.vertx.core.net.SocketAddress;
import io.vertx.grpc.client.GrpcClient;
import io.vertx.grpc.client.GrpcClientRequest;
import io.vertx.grpc.client.GrpcClientResponse;
import io.vertx.grpc.client.InvalidStatusException;
import io.vertx.grpc.common.GrpcStatus;
import io.vertx.grpc.common.ServiceMethod;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.TimeUnit;

/** A whole gateway over recorded ports, on its own folder and a free loopback port. */
public final class TestGateway implements AutoCloseable {

    public final Vertx vertx = Vertx.vertx();
    public final FakePorts ports = new FakePorts();
    public final GatewayConfig config;
    public final LocalCertificates certificates;
    public final RelayBroker broker;
    public final FakeLog log = new FakeLog();
    /** What a check of the served views finds. */
    public volatile ViewsCheck.Finding finding = new ViewsCheck.Finding(1, 1, Optional.empty());
    /** The global policy, none at first. */
    public volatile GlobalPolicy global = GlobalPolicy.NONE;
    public final FakeVaultLog vaultLog = new FakeVaultLog();
    public final Vault vault = new Vault(vaultLog, new byte[32]);
    private final StoredHistory history;
    private final GatewayServer server;
    private final GrpcClient client = GrpcClient.client(vertx);

    public TestGateway(Path folder, Duration claimLimit) {
        config = new GatewayConfig(freePort(),
                new GatewayConfig.Folders(folder.resolve("s"), folder.resolve("c"), folder.resolve("d")),
                List.of(), false, "ada");
        certificates = LocalCertificates.in(config.folders().tls(), Instant.now());
        Commands commands = new Commands(ports, Clock.systemUTC(), Duration.ofSeconds(5));
        broker = new RelayBroker(vertx, claimLimit);
        SessionOpening opening = new SessionOpening(commands, ports.sandboxes, ports, broker, "unix:" + config.folders().socket());
        ViewSource views = new TimedViews(
                vertx, new Views(ports.sandboxes, ports, () -> global, ports.providers,
                workspace -> InferenceRoutes.NONE, () -> ports.settings), ports.past);
        history = StoredHistory.start(folder.resolve("history.db"), EventJson::of, log);
        server = GatewayServer.start(vertx, config, certificates, new Callers("g1", config.localUser()), List.of(
                new GatewayEndpoint("0.1.0", () -> true, ports),
                new SandboxEndpoint(commands, views, ports, new NameGenerator(new Random(7)),
                        new SandboxEndpoint.Defaults(BuiltInPolicies.community(), "")),
                new PolicyEndpoint(commands, views),
                new ProviderEndpoint(commands, views, vault),
                new SandboxProvidersEndpoint(commands, views),
                new InferenceEndpoint(commands, views),
                new NodesEndpoint(views),
                new AttestationEndpoint(views),
                new LogsEndpoint(ports.sandboxes, ports.logs),
                new PolicyReviewEndpoint(vertx, ports.sandboxes, () -> views.now().around(), verdicts()),
                new DraftEndpoint(new DraftEndpoint.Ports(vertx, commands, ports.sandboxes, views, verdicts(), ports.history)),
                new HistoryEndpoint(vertx, ports.history),
                new WatchEndpoint(ports.sandboxes, ports.logs),
                new ExecEndpoint(vertx, opening),
                new AttachEndpoint(vertx, opening),
                new NodeRelayEndpoint(broker),
                new TimelineEndpoint(vertx, views, ports.past),
                new HistorySearchEndpoint(history),
                new ReplayEndpoint(
                        new ReplayExport(log::read, new ReplayExport.Topics("events", "activity"), "0.1.0"),
                        (each, deadline) -> {
                            log.all().forEach(each);
                            return finding;
                        },
                        history, Clock.systemUTC())));
    }

    private LogVerdicts verdicts() {
        return new LogVerdicts(new LogVerdicts.Sources(ports.logs, (topic, stream, deadline) -> ports.activity,
                (topic, from, taker, deadline) -> {
                    ports.activity.forEach(taker::take);
                    return Map.of();
                }, "activity", 100));
    }

    public static int freePort() {
        try (ServerSocket probe = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return probe.getLocalPort();
        } catch (IOException failed) {
            throw new IllegalStateException(failed);
        }
    }

    public SocketAddress socket() {
        return SocketAddress.domainSocketAddress(config.folders().socket().toString());
    }

    public GrpcClient client() {
        return client;
    }

    /** Status and messages of one call over the local socket. */
    public record Answer<S>(GrpcStatus status, String message, List<S> messages) {}

    public <Q, S> Answer<S> call(ServiceMethod<S, Q> method, Q request) {
        return get(client.request(socket(), method)
                .compose(call -> ask(call, request)));
    }

    /** Sends one request. Listens before that, on the event loop: otherwise the first messages may pass unheard. */
    public static <Q, S> Future<Answer<S>> ask(GrpcClientRequest<Q, S> call, Q request) {
        Future<Answer<S>> answer = call.response().compose(TestGateway::collect);
        call.end(request);
        return answer;
    }

    /** The body of the answer to one request over HTTP; listens first, too. */
    public static Future<Buffer> body(HttpClientRequest call, Buffer request) {
        Future<Buffer> body = call.response().compose(HttpClientResponse::body);
        call.end(request);
        return body;
    }

    /** What comes; to be called on the event loop before the answer can begin, or its first messages pass unheard. */
    public static <Q, S> Future<Answer<S>> collect(GrpcClientResponse<Q, S> response) {
        List<S> messages = new java.util.concurrent.CopyOnWriteArrayList<>();
        response.handler(messages::add);
        response.resume();
        return response.end().transform(done -> done.succeeded() || done.cause() instanceof InvalidStatusException
                ? Future.succeededFuture(new Answer<>(
                        response.status(), String.valueOf(response.statusMessage()), messages))
                : Future.failedFuture(done.cause()));
    }

    public static <T> T get(Future<T> future) {
        try {
            return future.toCompletionStage().toCompletableFuture().get(20, TimeUnit.SECONDS);
        } catch (Exception failed) {
            throw new AssertionError("the call did not end: " + failed, failed);
        }
    }

    @Override
    public void close() {
        get(client.close());
        server.close();
        history.close();
        get(vertx.close());
    }
}
