package io.openshell.gateway.ops;

import static org.assertj.core.api.Assertions.assertThat;

import io.openshell.gateway.auth.Callers;
import io.openshell.gateway.config.GatewayConfig;
import io.openshell.gateway.grpc.CommandRate;
import io.openshell.gateway.grpc.Commands;
import io.openshell.gateway.grpc.GatewayServer;
import io.openshell.gateway.metrics.GatewayMetrics;
import io.openshell.gateway.metrics.HealthPages;
import io.openshell.gateway.tls.LocalCertificates;
import io.openshell.gateway.TestGateway;
import io.openshell.model.CommandEnvelope;
import io.openshell.model.CommandId;
import io.openshell.model.Outcome;
import io.openshell.model.StreamCommand;
import io.openshell.projection.CommandBus;
import io.openshell.projection.PoisonedStream;
import io.openshell.wire.control.v1.GetLogStatusRequest;
import io.openshell.wire.control.v1.OpsGrpcClient;
import io.openshell.wire.control.v1.SkipPoisonRequest;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClientOptions;
import io.vertx.core.http.RequestOptions;
import io.vertx.core.net.SocketAddress;
import io.vertx.grpc.client.GrpcClient;
import io.vertx.grpc.common.GrpcStatus;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class OpsEndpointTest implements LogState, CommandBus {

    @TempDir
    Path folder;

    private final Vertx vertx = Vertx.vertx();
    private final GrpcClient client = GrpcClient.client(vertx);
    private final List<CommandEnvelope> submitted = new ArrayList<>();
    private final GatewayMetrics metrics = new GatewayMetrics();
    private Optional<String> unready = Optional.empty();
    private boolean away;
    private GatewayServer server;
    private SocketAddress socket;

    @BeforeEach
    void start() {
        GatewayConfig config = new GatewayConfig(TestGateway.freePort(),
                new GatewayConfig.Folders(folder.resolve("s"), folder.resolve("c"), folder.resolve("d")), List.of(), false, "ada");
        Commands commands = new Commands(
                this, Clock.systemUTC(), Duration.ofSeconds(5), new CommandRate(1), metrics::command);
        server = GatewayServer.start(vertx, config, LocalCertificates.in(config.folders().tls(), Instant.now()),
                new GatewayServer.Served(new Callers("g1", "ada"), List.of(new OpsEndpoint("g1", this, commands)),
                        new HealthPages(() -> unready, metrics::text), () -> viewAge().toMillis()));
        socket = SocketAddress.domainSocketAddress(config.folders().socket().toString());
    }

    @AfterEach
    void stop() {
        server.close();
        TestGateway.get(vertx.close());
    }

    private TestGateway.Answer<?> skip(String stream, long version) {
        return TestGateway.get(client.request(socket, OpsGrpcClient.SkipPoison)
                .compose(call -> TestGateway.ask(call, SkipPoisonRequest.newBuilder().setStream(stream).setVersion(version).build())));
    }

    private String page(String path) {
        var http = vertx.createHttpClient(new HttpClientOptions());
        return TestGateway.get(http.request(new RequestOptions().setServer(socket).setHost("localhost").setURI(path))
                .compose(call -> TestGateway.body(call, Buffer.buffer())
                        .map(body -> call.response().result().statusCode() + " " + body)));
    }

    @Test
    void tellsOfTheLogAndHowOldEveryAnswerIs() {
        List<String> age = new CopyOnWriteArrayList<>();
        var status = TestGateway.get(client.request(socket, OpsGrpcClient.GetLogStatus)
                .compose(call -> {
                    call.response().onSuccess(response -> age.add(response.headers().get("openshell-view-age-ms")));
                    return TestGateway.ask(call, GetLogStatusRequest.getDefaultInstance());
                })).messages().getFirst();
        assertThat(age).containsExactly("1234");
        assertThat(status.getLogAnswers()).isTrue();
        assertThat(status.getLag()).isEqualTo(5);
        assertThat(status.getPoisonedList()).hasSize(2);
        assertThat(status.getPoisoned(0).getVersion()).isEqualTo(7);
        assertThat(status.getPoisonedList()).extracting(p -> p.getNewer()).containsExactly(false, true);
        assertThat(status.getWritesRefused()).isEmpty();
    }

    @Test
    void skipsOnlyWhereTheStreamStopped() {
        assertThat(skip("sandbox/default/bad", 7).status()).isEqualTo(GrpcStatus.OK);
        assertThat(submitted.getFirst().command()).isEqualTo(new StreamCommand.SkipEvent(7));

        assertThat(skip("sandbox/default/bad", 8).status()).isEqualTo(GrpcStatus.ABORTED);
        assertThat(skip("sandbox/default/good", 7).status()).isEqualTo(GrpcStatus.NOT_FOUND);
        assertThat(skip("sandbox/default/newer", 4).status()).as("nothing of a newer release is left out")
                .isEqualTo(GrpcStatus.FAILED_PRECONDITION);
        assertThat(submitted).hasSize(1);
    }

    @Test
    void anUnansweredCommandMayBeAskedAgainAndTooManyAreToldWhen() {
        away = true;
        TestGateway.Answer<?> unanswered = skip("sandbox/default/bad", 7);
        assertThat(unanswered.status()).isEqualTo(GrpcStatus.UNAVAILABLE);
        assertThat(unanswered.message()).contains("openshell-command-id", "safe");
        assertThat(skip("sandbox/default/bad", 7).status()).isEqualTo(GrpcStatus.UNAVAILABLE);

        TestGateway.Answer<?> tooMany = skip("sandbox/default/bad", 7);
        assertThat(tooMany.status()).isEqualTo(GrpcStatus.RESOURCE_EXHAUSTED);
        assertThat(tooMany.message()).contains("try again in");
        assertThat(page("/metrics")).startsWith("200").contains("openshell_commands_total{code=\"\",outcome=\"limited\"} 1.0")
                .contains("openshell_process_resident_bytes");
    }

    @Test
    void isReadyOnlyWhileItsViewsAreGood() {
        assertThat(page("/readyz")).isEqualTo("200 ready\n");
        unready = Optional.of("the views are 11 s old");
        assertThat(page("/readyz")).isEqualTo("503 the views are 11 s old\n");
        assertThat(page("/healthz")).isEqualTo("200 ok\n");
        assertThat(page("/other")).startsWith("404");
    }

    @Override
    public CompletionStage<Outcome> submit(CommandEnvelope command, Duration deadline) {
        if (away) {
            return CompletableFuture.failedStage(new Unavailable("the log gave no answer"));
        }
        submitted.add(command);
        return CompletableFuture.completedStage(new Outcome.Applied(command.stream(), 7));
    }

    @Override
    public Optional<Earlier> earlier(CommandId id) {
        return Optional.empty();
    }

    @Override
    public boolean answers() {
        return true;
    }

    @Override
    public Optional<String> writesRefused() {
        return unready;
    }

    @Override
    public Duration viewAge() {
        return Duration.ofMillis(1_234);
    }

    @Override
    public Map<Integer, Long> lag() {
        return Map.of(0, 2L, 3, 3L);
    }

    @Override
    public Set<Integer> deciding() {
        return Set.of(0);
    }

    @Override
    public List<PoisonedStream> poisoned() {
        return List.of(new PoisonedStream("sandbox/default/bad", 7, 3, 40, "unreadable"),
                new PoisonedStream("sandbox/default/newer", 4, 1, 9, "an event of a newer release", true));
    }

    @Override
    public long folded() {
        return 1;
    }

    @Override
    public long fromSnapshot() {
        return 0;
    }
}
