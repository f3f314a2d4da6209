package io.openshell.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.protobuf.ByteString;
import io.openshell.cli.client.Endpoint;
import io.openshell.cli.client.GatewayClient;
import io.openshell.cli.client.LiveSession;
import io.openshell.cli.client.RpcException;
import io.openshell.wire.control.v1.AttachInput;
import io.openshell.wire.control.v1.AttachStart;
import io.openshell.wire.control.v1.CloseInput;
import io.openshell.wire.control.v1.ControlGrpcClient;
import io.openshell.wire.control.v1.ControlGrpcService;
import io.openshell.wire.v1.ExecSandboxEvent;
import io.openshell.wire.v1.ExecSandboxExit;
import io.openshell.wire.v1.ExecSandboxStdout;
import io.vertx.core.Vertx;
import io.vertx.core.net.SocketAddress;
import io.vertx.grpc.server.GrpcServer;
import io.vertx.grpc.server.GrpcServerRequest;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(60)
class LiveSessionTest {
    @TempDir
    Path folder;

    private Vertx vertx;
    private GatewayClient gateway;

    @BeforeEach
    void listen() throws Exception {
        vertx = Vertx.vertx();
        GrpcServer grpc = GrpcServer.server(vertx);
        grpc.callHandler(ControlGrpcService.AttachMain, LiveSessionTest::echo);
        Path socket = folder.resolve("s");
        vertx.createHttpServer().requestHandler(grpc).listen(SocketAddress.domainSocketAddress(socket.toString()))
                .toCompletionStage().toCompletableFuture().get(10, TimeUnit.SECONDS);
        gateway = new GatewayClient(new Endpoint.Unix(socket), Map.of());
    }

    private static void echo(GrpcServerRequest<AttachInput, ExecSandboxEvent> call) {
        call.handler(input -> {
            switch (input.getPayloadCase()) {
                case STDIN -> call.response().write(ExecSandboxEvent.newBuilder()
                        .setStdout(ExecSandboxStdout.newBuilder().setData(input.getStdin())).build());
                case CLOSE_INPUT -> call.response().end(ExecSandboxEvent.newBuilder()
                        .setExit(ExecSandboxExit.newBuilder().setExitCode(5)).build());
                case START, RESIZE, PAYLOAD_NOT_SET -> { }
            }
        });
    }

    @AfterEach
    void stop() throws Exception {
        vertx.close().toCompletionStage().toCompletableFuture().get(10, TimeUnit.SECONDS);
    }

    @Test
    void inputGoesThereAndOutputComesBackUntilTheEnd() {
        StringBuffer seen = new StringBuffer();
        AttachInput start = AttachInput.newBuilder().setStart(AttachStart.newBuilder().setSandboxId("1")).build();
        try (LiveSession<AttachInput, ExecSandboxEvent> session = LiveSession.open(gateway, ControlGrpcClient.AttachMain,
                start, event -> seen.append(event.hasExit() ? "exit " + event.getExit().getExitCode()
                        : event.getStdout().getData().toStringUtf8()))) {
            assertThat(session.send(AttachInput.newBuilder().setStdin(ByteString.copyFromUtf8("typed ")).build())).isTrue();
            session.send(AttachInput.newBuilder().setCloseInput(CloseInput.getDefaultInstance()).build());
            session.await();
        }
        assertThat(seen.toString()).isEqualTo("typed exit 5");
    }

    @Test
    void gatewayThatIsAwayIsReported() {
        GatewayClient away = new GatewayClient(new Endpoint.Unix(folder.resolve("nothing")), Map.of());
        assertThatThrownBy(() -> LiveSession.open(away, ControlGrpcClient.AttachMain, AttachInput.getDefaultInstance(),
                event -> { })).isInstanceOf(RpcException.class).hasMessageContaining("could not be opened");
    }
}
