package io.openshell.gateway.session;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import io.openshell.gateway.TestGateway;
import io.openshell.gateway.TestGateway.Answer;
import io.openshell.model.sandbox.SandboxCommand;
import io.openshell.wire.control.v1.AgentFrame;
import io.openshell.wire.control.v1.GatewayFrame;
import io.openshell.wire.control.v1.NodeRelayGrpcClient;
import io.openshell.wire.control.v1.RelayHello;
import io.openshell.wire.v1.CreateSandboxRequest;
import io.openshell.wire.v1.ExecSandboxEvent;
import io.openshell.wire.v1.ExecSandboxRequest;
import io.openshell.wire.v1.GetSandboxRequest;
import io.openshell.wire.v1.OpenShellGrpcClient;
import io.openshell.wire.v1.SandboxPhase;
import io.openshell.wire.v1.SandboxSpec;
import io.vertx.core.Future;
import io.vertx.grpc.client.GrpcClientRequest;
import io.vertx.grpc.client.GrpcClientResponse;
import io.vertx.grpc.common.GrpcStatus;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SessionTest {

    @TempDir
    Path folder;
    TestGateway gateway;
    String id;
    final List<GatewayFrame> toAgent = new CopyOnWriteArrayList<>();

    void start(Duration claimLimit) {
        gateway = new TestGateway(folder, claimLimit);
        id = gateway.call(OpenShellGrpcClient.CreateSandbox, CreateSandboxRequest.newBuilder()
                .setName("demo").setSpec(SandboxSpec.getDefaultInstance()).build())
                .messages().get(0).getSandbox().getMetadata().getId();
    }

    @AfterEach
    void stop() {
        gateway.close();
    }

    private ExecSandboxRequest.Builder cat() {
        return ExecSandboxRequest.newBuilder().setSandboxId(id).addCommand("cat");
    }

    private Future<Answer<ExecSandboxEvent>> exec(ExecSandboxRequest request) {
        return gateway.client().request(gateway.socket(), OpenShellGrpcClient.ExecSandbox)
                .compose(call -> TestGateway.ask(call, request));
    }

    private String relayId() {
        long limit = System.nanoTime() + Duration.ofSeconds(10).toNanos();
        while (System.nanoTime() < limit) {
            for (var envelope : gateway.ports.commands) {
                if (envelope.command() instanceof SandboxCommand.OpenSession open) {
                    return open.session().sessionId();
                }
            }
            Thread.onSpinWait();
        }
        throw new AssertionError("no session was opened");
    }

    private GrpcClientRequest<AgentFrame, GatewayFrame> agent(String relay, String node) {
        var call = TestGateway.get(gateway.client().request(gateway.socket(), NodeRelayGrpcClient.Open));
        // Before anything can be answered: the first frames wait until the test listens.
        call.response().onSuccess(GrpcClientResponse::pause);
        call.write(AgentFrame.newBuilder().setHello(RelayHello.newBuilder().setRelayId(relay).setNodeId(node)).build());
        return call;
    }

    @Test
    void refusesExecUntilTheSandboxIsReady() {
        start(Duration.ofSeconds(10));
        Answer<ExecSandboxEvent> answer = TestGateway.get(exec(cat().build()));
        assertThat(answer.status()).isEqualTo(GrpcStatus.FAILED_PRECONDITION);
        assertThat(answer.message()).isEqualTo("sandbox is not ready");
    }

    @Test
    void refusesExecWhileTheSandboxIsPausedAndTellsTheWayOut() {
        start(Duration.ofSeconds(10));
        gateway.ports.becomeReady("demo");
        gateway.ports.report("demo", new SandboxCommand.ReportPause(1, "i1", Optional.of("it was paused; `docker unpause c` lets it go on")));
        Answer<ExecSandboxEvent> answer = TestGateway.get(exec(cat().build()));
        assertThat(answer.status()).isEqualTo(GrpcStatus.FAILED_PRECONDITION);
        assertThat(answer.message()).isEqualTo("sandbox is not ready: it was paused; `docker unpause c` lets it go on");
        var status = gateway.call(OpenShellGrpcClient.GetSandbox, GetSandboxRequest.newBuilder().setName("demo").build()).messages().get(0)
                .getSandbox().getStatus();
        assertThat(status.getPhase()).isEqualTo(SandboxPhase.SANDBOX_PHASE_UNKNOWN);
        assertThat(status.getConditions(0).getStatus()).isEqualTo("False");
        assertThat(status.getConditions(0).getReason()).isEqualTo("Paused");
    }

    @Test
    void joinsACallerWithItsAgentAndEndsWithExactlyOneExit() {
        start(Duration.ofSeconds(10));
        gateway.ports.becomeReady("demo");
        var answer = exec(cat().setStdin(ByteString.copyFromUtf8("in")).build());
        String relay = relayId();

        var foreign = agent(relay, "other");
        assertThat(TestGateway.get(foreign.response().compose(TestGateway::collect)).status())
                .isEqualTo(GrpcStatus.PERMISSION_DENIED);
        var unknown = agent("nobody", "local");
        assertThat(TestGateway.get(unknown.response().compose(TestGateway::collect)).status())
                .isEqualTo(GrpcStatus.NOT_FOUND);

        var agent = agent(relay, "local");
        var frames = agent.response().compose(response -> {
            response.handler(toAgent::add);
            response.resume();
            return response.end();
        });
        int chunks = 400;
        ByteString chunk = ByteString.copyFrom(new byte[16_384]);
        for (int i = 0; i < chunks; i++) {
            agent.write(AgentFrame.newBuilder().setStdout(chunk).build());
        }
        agent.write(AgentFrame.newBuilder().setStderr(ByteString.copyFromUtf8("err")).build());
        agent.end(AgentFrame.newBuilder().setExit(3).build());

        Answer<ExecSandboxEvent> got = TestGateway.get(answer);
        assertThat(got.status()).as(got.message()).isEqualTo(GrpcStatus.OK);
        assertThat(got.messages()).filteredOn(ExecSandboxEvent::hasStdout).hasSize(chunks);
        assertThat(got.messages()).filteredOn(ExecSandboxEvent::hasExit).hasSize(1);
        assertThat(got.messages().get(chunks + 1).getExit().getExitCode()).isEqualTo(3);
        TestGateway.get(frames);
        assertThat(toAgent).extracting(GatewayFrame::getPayloadCase).containsExactly(
                GatewayFrame.PayloadCase.EXEC, GatewayFrame.PayloadCase.STDIN, GatewayFrame.PayloadCase.INPUT_END);
    }

    @Test
    void endsWith124AndACancelWhenTheTimeIsOver() {
        start(Duration.ofSeconds(10));
        gateway.ports.becomeReady("demo");
        var answer = exec(cat().setTimeoutSeconds(1).build());
        var agent = agent(relayId(), "local");
        var frames = agent.response().compose(response -> {
            response.handler(toAgent::add);
            response.resume();
            return response.end();
        });
        assertThat(TestGateway.get(answer).messages().get(0).getExit().getExitCode()).isEqualTo(124);
        TestGateway.get(frames);
        assertThat(toAgent.get(toAgent.size() - 1).getCancel().getTimedOut()).isTrue();
    }

    @Test
    void saysUnavailableWhenTheAgentEndsWithoutAnExit() {
        start(Duration.ofSeconds(10));
        gateway.ports.becomeReady("demo");
        var answer = exec(cat().build());
        agent(relayId(), "local").end();
        assertThat(TestGateway.get(answer).status()).isEqualTo(GrpcStatus.UNAVAILABLE);
    }

    @Test
    void givesUpOnAnAgentThatDoesNotCome() {
        start(Duration.ofMillis(200));
        gateway.ports.becomeReady("demo");
        assertThat(TestGateway.get(exec(cat().build())).status()).isEqualTo(GrpcStatus.DEADLINE_EXCEEDED);
        assertThat(gateway.broker.waiting()).isZero();
    }

    @Test
    void cancelsTheAgentWhenTheCallerLeaves() {
        start(Duration.ofSeconds(10));
        gateway.ports.becomeReady("demo");
        var caller = TestGateway.get(gateway.client().request(gateway.socket(), OpenShellGrpcClient.ExecSandbox));
        caller.end(cat().build());
        var agent = agent(relayId(), "local");
        var frames = agent.response().compose(response -> {
            response.handler(frame -> {
                toAgent.add(frame);
                if (frame.hasExec()) {
                    caller.cancel();
                }
            });
            response.resume();
            return response.end();
        });
        TestGateway.get(frames);
        assertThat(toAgent.get(toAgent.size() - 1).hasCancel()).isTrue();
    }
}
