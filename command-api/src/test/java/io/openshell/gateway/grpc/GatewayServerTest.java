package io.openshell.gateway.grpc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.openshell.gateway.TestGateway;
import io.openshell.gateway.TestGateway.Answer;
import io.openshell.gateway.tls.LocalCertificates;
import io.openshell.projection.logs.LogLine;
import io.openshell.wire.control.v1.ControlGrpcClient;
import io.openshell.wire.control.v1.GetHistoryRequest;
import io.openshell.wire.inference.v1.InferenceGrpcService;
import io.openshell.wire.v1.CreateSandboxRequest;
import io.openshell.wire.v1.DeleteSandboxRequest;
import io.openshell.wire.v1.GetCurrentUserRequest;
import io.openshell.wire.v1.GetCurrentUserResponse;
import io.openshell.wire.v1.GetSandboxRequest;
import io.openshell.wire.v1.OpenShellGrpcClient;
import io.openshell.wire.v1.OpenShellGrpcService;
import io.openshell.wire.v1.Sandbox;
import io.openshell.wire.v1.SandboxPhase;
import io.openshell.wire.v1.SandboxResponse;
import io.openshell.wire.v1.SandboxSpec;
import io.openshell.wire.v1.SandboxStreamEvent;
import io.openshell.wire.v1.StopSandboxRequest;
import io.openshell.wire.v1.WatchSandboxRequest;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClientOptions;
import io.vertx.core.http.HttpVersion;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.RequestOptions;
import io.vertx.core.net.PemKeyCertOptions;
import io.vertx.core.net.PemTrustOptions;
import io.vertx.core.net.SocketAddress;
import io.vertx.grpc.client.GrpcClient;
import io.vertx.grpc.common.GrpcStatus;
import io.vertx.grpc.common.ServiceMethod;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class GatewayServerTest {

    private static final Set<String> SERVED = Set.of("Health", "GetCurrentUser", "GetGatewayInfo", "CreateSandbox",
            "GetSandbox", "ListSandboxes", "DeleteSandbox", "StopSandbox", "StartSandbox", "ExecSandbox",
            "ExecSandboxInteractive", "WatchSandbox", "GetSandboxLogs", "GetSandboxConfig", "UpdateConfig",
            "GetSandboxPolicyStatus", "ListSandboxPolicies", "GetDraftPolicy", "ApproveDraftChunk", "RejectDraftChunk",
            "ApproveAllDraftChunks", "EditDraftChunk", "UndoDraftChunk", "ClearDraftChunks", "GetDraftHistory", "GetGatewayConfig",
            "CreateProvider", "GetProvider", "ListProviders", "UpdateProvider", "DeleteProvider", "ListProviderProfiles",
            "GetProviderProfile", "ListSandboxProviders", "AttachSandboxProvider", "DetachSandboxProvider", "SetInferenceRoute",
            "GetInferenceRoute", "DeleteInferenceRoute", "GetInferenceBundle", "GetSandboxProviderEnvironment");

    @TempDir
    Path folder;
    TestGateway gateway;

    @BeforeEach
    void start() {
        gateway = new TestGateway(folder, Duration.ofSeconds(10));
    }

    @AfterEach
    void stop() {
        gateway.close();
    }

    private Answer<SandboxResponse> create(String name) {
        return gateway.call(OpenShellGrpcClient.CreateSandbox, CreateSandboxRequest.newBuilder()
                .setName(name).setSpec(SandboxSpec.newBuilder().addCommand("sleep").putEnvironment("K", "private")).build());
    }

    @Test
    void createsASandboxAndAnswersWithItsView() {
        Answer<SandboxResponse> answer = create("demo");

        assertThat(answer.status()).as(answer.message()).isEqualTo(GrpcStatus.OK);
        Sandbox sandbox = answer.messages().get(0).getSandbox();
        assertThat(sandbox.getMetadata().getName()).isEqualTo("demo");
        assertThat(sandbox.getStatus().getPhase()).isEqualTo(SandboxPhase.SANDBOX_PHASE_PROVISIONING);
        assertThat(sandbox.getSpec().hasPolicy()).isTrue();
        assertThat(gateway.ports.commands.get(0).context().actor().authenticatedBy()).isEqualTo("unix-socket");
        assertThat(create("demo").status()).isEqualTo(GrpcStatus.ALREADY_EXISTS);
        assertThat(create("Not A Name").status()).isEqualTo(GrpcStatus.INVALID_ARGUMENT);
        assertThat(create("").messages().get(0).getSandbox().getMetadata().getName()).matches("[a-z]+-[a-z]+");
    }

    @Test
    void whatIsNotThereIsNamed() {
        var answer = gateway.call(OpenShellGrpcClient.StopSandbox, StopSandboxRequest.newBuilder().setName("nobody").build());
        assertThat(answer.status()).isEqualTo(GrpcStatus.NOT_FOUND);
        assertThat(answer.message()).isEqualTo("sandbox 'nobody' not found in workspace 'default'");
    }

    @Test
    void answersForSandboxesThatAreNotThere() {
        assertThat(gateway.call(OpenShellGrpcClient.GetSandbox, GetSandboxRequest.newBuilder().setName("no").build()).status())
                .isEqualTo(GrpcStatus.NOT_FOUND);
        assertThat(gateway.call(OpenShellGrpcClient.DeleteSandbox, DeleteSandboxRequest.newBuilder().setName("no").build()).status())
                .isEqualTo(GrpcStatus.NOT_FOUND);
    }

    @Test
    void saysOfEveryOtherCallThatItIsNotServed() {
        List<ServiceMethod<?, ?>> methods = new ArrayList<>(OpenShellGrpcService.all());
        methods.addAll(InferenceGrpcService.all());
        methods.removeIf(method -> SERVED.contains(method.methodName()));
        assertThat(methods).hasSize(67 + 4 - SERVED.size());
        for (ServiceMethod<?, ?> method : methods) {
            Answer<Buffer> answer = TestGateway.get(gateway.client().request(gateway.socket())
                    .compose(call -> TestGateway.ask(call.serviceName(method.serviceName()).methodName(method.methodName()), Buffer.buffer())));
            assertThat(answer.status()).as(method.fullMethodName()).isEqualTo(GrpcStatus.UNIMPLEMENTED);
        }
    }

    @Test
    void watchesASandboxInTheOrderOfTheContract() throws Exception {
        String id = create("demo").messages().get(0).getSandbox().getMetadata().getId();
        gateway.ports.logs.write(line(id, "INFO", "early"));
        gateway.ports.logs.write(line(id, "DEBUG", "hidden"));
        var collected = gateway.client().request(gateway.socket(), OpenShellGrpcClient.WatchSandbox)
                .compose(call -> TestGateway.ask(call, WatchSandboxRequest.newBuilder().setId(id).setFollowLogs(true)
                        .setFollowStatus(true).setLogMinLevel("INFO").setStopOnTerminal(true).build()));
        long limit = System.nanoTime() + Duration.ofSeconds(10).toNanos();
        while (gateway.ports.logs.listeners.isEmpty() && System.nanoTime() < limit) {
            Thread.onSpinWait();
        }
        gateway.ports.logs.write(line(id, "INFO", "late"));
        gateway.ports.becomeReady("demo");

        List<SandboxStreamEvent> events = TestGateway.get(collected).messages();
        assertThat(events.get(0).getSandbox().getStatus().getPhase()).isEqualTo(SandboxPhase.SANDBOX_PHASE_PROVISIONING);
        assertThat(events).filteredOn(SandboxStreamEvent::hasLog).extracting(e -> e.getLog().getMessage())
                .containsExactly("early", "late");
        assertThat(events.get(1).getLog().getMessage()).isEqualTo("early");
        assertThat(events.get(events.size() - 1).getSandbox().getStatus().getPhase()).isEqualTo(SandboxPhase.SANDBOX_PHASE_READY);
        assertThat(gateway.ports.logs.listeners).isEmpty();
    }

    @Test
    void aWatchThatEndsAtOnceStillTellsTheLinesThatCameMeanwhile() {
        String id = create("demo").messages().get(0).getSandbox().getMetadata().getId();
        gateway.ports.becomeReady("demo");
        gateway.ports.logs.afterRead = () -> gateway.ports.logs.write(line(id, "INFO", "meanwhile"));
        List<SandboxStreamEvent> events = gateway.call(OpenShellGrpcClient.WatchSandbox, WatchSandboxRequest.newBuilder().setId(id)
                .setFollowLogs(true).setFollowStatus(true).setStopOnTerminal(true).build()).messages();
        assertThat(events).filteredOn(SandboxStreamEvent::hasLog).extracting(e -> e.getLog().getMessage()).containsExactly("meanwhile");
    }

    @Test
    void tellsTheHistoryWithoutEnvironmentValues() {
        create("demo");
        var answer = gateway.call(ControlGrpcClient.GetHistory, GetHistoryRequest.newBuilder().setName("demo").build());
        assertThat(answer.messages()).extracting(entry -> entry.getType())
                .containsExactly("SandboxRequested", "PolicyRevisionStored", "SandboxAssigned");
        assertThat(answer.messages().get(0).getBodyJson()).contains("environment_keys").doesNotContain("private");
        assertThat(answer.messages().get(0).getActor().getSubject()).isEqualTo("ada");
    }

    @Test
    void servesGrpcWebAndHealthOnTheSocketWithHttp1() {
        var http = gateway.vertx.createHttpClient(new HttpClientOptions().setProtocolVersion(HttpVersion.HTTP_1_1));
        Buffer web = TestGateway.get(http.request(new RequestOptions().setServer(gateway.socket())
                        .setHost("localhost").setMethod(HttpMethod.POST).setURI("/openshell.v1.OpenShell/Health")
                        .putHeader("content-type", "application/grpc-web+proto"))
                .compose(call -> TestGateway.body(call, Buffer.buffer(new byte[5]))));
        assertThat(web.toString()).contains("0.1.0").contains("grpc-status:0");
        Buffer health = TestGateway.get(http.request(new RequestOptions().setServer(gateway.socket()).setHost("localhost").setURI("/healthz"))
                .compose(call -> TestGateway.body(call, Buffer.buffer())));
        assertThat(health.toString()).isEqualTo("ok\n");
    }

    @Test
    void takesCallersWithACertificateOnLoopbackAndNobodyElse() throws Exception {
        SocketAddress loopback = SocketAddress.inetSocketAddress(gateway.config.port(), "127.0.0.1");
        Answer<GetCurrentUserResponse> answer = TestGateway.get(tls(true).request(loopback, OpenShellGrpcClient.GetCurrentUser)
                .compose(call -> TestGateway.ask(call, GetCurrentUserRequest.getDefaultInstance())));
        assertThat(answer.messages().get(0).getSubject()).isEqualTo("openshell-client");
        assertThat(answer.messages().get(0).getIdentityProvider()).isEqualTo("mtls");
        assertThatThrownBy(() -> TestGateway.get(tls(false).request(loopback, OpenShellGrpcClient.GetCurrentUser)
                .compose(call -> TestGateway.ask(call, GetCurrentUserRequest.getDefaultInstance()))))
                .isInstanceOf(AssertionError.class).hasMessageNotContaining("TimeoutException");
    }

    private GrpcClient tls(boolean certificate) {
        LocalCertificates files = gateway.certificates;
        HttpClientOptions options = new HttpClientOptions().setSsl(true).setUseAlpn(true)
                .setProtocolVersion(HttpVersion.HTTP_2)
                .setTrustOptions(new PemTrustOptions().addCertPath(files.authority().toString()));
        if (certificate) {
            options.setKeyCertOptions(new PemKeyCertOptions().setCertPath(files.clientCertificate().toString())
                    .setKeyPath(files.clientKey().toString()));
        }
        return GrpcClient.client(gateway.vertx, options);
    }

    @Test
    void keepsItsSocketAndKeysPrivateAndRefusesASecondStart() throws Exception {
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(gateway.config.folders().socket()))).isEqualTo("rw-------");
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(gateway.certificates.clientKey()))).isEqualTo("rw-------");
        assertThatThrownBy(() -> new TestGateway(folder, Duration.ofSeconds(1)))
                .isInstanceOf(StartFailed.class).hasMessageContaining("running already");
        Files.delete(gateway.certificates.serverKey());
        assertThatThrownBy(() -> LocalCertificates.in(gateway.config.folders().tls(), Instant.now()))
                .isInstanceOf(LocalCertificates.CertificatesUnusable.class);
    }

    @Test
    void usesTheCallersCommandId() {
        create("demo", "openshell-command-id", "mine-1");
        assertThat(gateway.ports.commands.get(0).context().commandId().value()).isEqualTo("mine-1");
    }

    private Answer<SandboxResponse> create(String name, String key, String value) {
        CreateSandboxRequest request =
                CreateSandboxRequest.newBuilder().setName(name).setSpec(SandboxSpec.getDefaultInstance()).build();
        return TestGateway.get(gateway.client().request(gateway.socket(), OpenShellGrpcClient.CreateSandbox)
                .compose(call -> {
                    call.headers().set(key, value);
                    return TestGateway.ask(call, request);
                }));
    }

    @Test
    void refusesACommandIdThatIsUnusableOrBelongsToAnotherRequest() {
        assertThat(create("demo", "openshell-command-id", "mine-1").status()).isEqualTo(GrpcStatus.OK);
        assertThat(create("other", "openshell-command-id", "mine-1").status()).isEqualTo(GrpcStatus.FAILED_PRECONDITION);
        assertThat(gateway.ports.commands).hasSize(1);
        assertThat(create("third", "openshell-command-id", "x".repeat(128)).status()).isEqualTo(GrpcStatus.OK);
        assertThat(create("third", "openshell-command-id", "x".repeat(129)).status()).isEqualTo(GrpcStatus.INVALID_ARGUMENT);
        assertThat(create("third", "openshell-command-id", "a b").status()).isEqualTo(GrpcStatus.INVALID_ARGUMENT);
        assertThat(create("third", "openshell-command-id", "").status()).isEqualTo(GrpcStatus.INVALID_ARGUMENT);
    }

    @Test
    void endsACallAtItsOwnDeadlineAndLeavesItsCommandAlone() {
        assertThat(create("demo", "grpc-timeout", "5S").status()).isEqualTo(GrpcStatus.OK);
        gateway.ports.silent = true;
        long begun = System.nanoTime();

        Answer<SandboxResponse> late = create("slow", "grpc-timeout", "200m");

        assertThat(late.status()).isEqualTo(GrpcStatus.DEADLINE_EXCEEDED);
        assertThat(Duration.ofNanos(System.nanoTime() - begun)).isLessThan(Duration.ofSeconds(4));
        assertThat(gateway.ports.commands).hasSize(2);
    }

    private static LogLine line(String id, String level, String message) {
        return new LogLine(id, Instant.now(), level, "t", message, "sandbox", Map.of());
    }
}
