package io.openshell.agent.session;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import io.openshell.wire.control.v1.AgentFrame;
import io.openshell.wire.control.v1.AttachMainProcess;
import io.openshell.wire.control.v1.GatewayFrame;
import io.openshell.wire.v1.ExecSandboxWindowResize;
import io.vertx.grpc.common.GrpcStatus;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletionStage;
import org.junit.jupiter.api.Test;

class RelayClientTest extends RelayScene {

    @Test
    void saysHelloRunsTheCommandAndEndsWithItsExitCode() {
        CompletionStage<SessionEnd> end = serveExec("sh", "-c", "printf one; printf two; exit 3");
        RelayGateway.Call call = gateway.accept();
        AgentFrame hello = call.take();
        assertThat(hello.getHello().getRelayId()).isEqualTo("s-1");
        assertThat(hello.getHello().getNodeId()).isEqualTo("node-1");
        call.send(exec("sh", "-c", "printf one; printf two; exit 3"));
        List<AgentFrame> frames = toLast(call);
        assertThat(bytes(frames, AgentFrame.PayloadCase.STDOUT)).asString().isEqualTo("onetwo");
        assertThat(frames.getLast().getExit()).isEqualTo(3);
        assertThat(call.drained()).succeedsWithin(Duration.ofSeconds(10));
        assertThat(get(end)).isEqualTo(new SessionEnd.Exited(3));
    }

    @Test
    void keepsStdoutAndStderrApart() {
        RelayGateway.Call call = running("sh", "-c", "printf out; printf err >&2");
        List<AgentFrame> frames = toLast(call);
        assertThat(bytes(frames, AgentFrame.PayloadCase.STDOUT)).asString().isEqualTo("out");
        assertThat(bytes(frames, AgentFrame.PayloadCase.STDERR)).asString().isEqualTo("err");
    }

    @Test
    void honoursEnvironmentWorkdirAndFirstInput() {
        serveExec("sh", "-c", "echo $WHO; pwd; cat");
        RelayGateway.Call call = gateway.accept();
        call.take();
        call.send(GatewayFrame.newBuilder().setExec(request("sh", "-c", "echo $WHO; pwd; cat")
                .putEnvironment("WHO", "ada").setWorkdir("/").setCols(132)
                .setStdin(ByteString.copyFromUtf8("in"))));
        call.endInput();
        assertThat(bytes(toLast(call), AgentFrame.PayloadCase.STDOUT)).asString().isEqualTo("ada\n/\nin");
        assertThat(sandbox.asked.peek().cols()).isEqualTo(132);
        assertThat(sandbox.asked.peek().rows()).isEqualTo(24);
    }

    @Test
    void passesInputOnUntilItsEnd() {
        RelayGateway.Call call = running("sh", "-c", "cat; exit 5");
        call.stdin("ab".getBytes(StandardCharsets.UTF_8), 0, 2);
        assertThat(call.take().getStdout().toStringUtf8()).isEqualTo("ab");
        call.stdin("cd".getBytes(StandardCharsets.UTF_8), 0, 2);
        call.endInput();
        List<AgentFrame> frames = toLast(call);
        assertThat(bytes(frames, AgentFrame.PayloadCase.STDOUT)).asString().isEqualTo("cd");
        assertThat(frames.getLast().getExit()).isEqualTo(5);
    }

    @Test
    void passesTheTerminalSizeOn() {
        RelayGateway.Call call = running("cat");
        ScriptedProcess process = RelayGateway.poll(sandbox.started, "nothing was started");
        call.send(GatewayFrame.newBuilder().setResize(ExecSandboxWindowResize.newBuilder().setCols(100).setRows(40)));
        until(() -> process.sizes.equals(List.of("100x40")));
        call.endInput();
        assertThat(toLast(call).getLast().getExit()).isZero();
    }

    @Test
    void aCommandThatIsNotThereEndsAsInAShell() {
        CompletionStage<SessionEnd> end = serveExec("/nowhere/program");
        List<AgentFrame> frames = toLast(joined("/nowhere/program"));
        assertThat(bytes(frames, AgentFrame.PayloadCase.STDERR)).asString().isEqualTo("/nowhere/program: not found\n");
        assertThat(frames.getLast().getExit()).isEqualTo(127);
        assertThat(get(end)).isEqualTo(new SessionEnd.Exited(127));
    }

    @Test
    void aStartThatFailsIsToldToTheGateway() {
        CompletionStage<SessionEnd> end = serveExec("true");
        RelayGateway.Call call = gateway.accept();
        call.take();
        call.send(GatewayFrame.newBuilder().setExec(request("true").setWorkdir("/nowhere")));
        AgentFrame frame = call.take();
        assertThat(frame.getFailed().getCode()).isEqualTo("START_FAILED");
        assertThat(frame.getFailed().getMessage()).isEqualTo("exec: no such directory");
        call.end();
        assertThat(get(end)).isEqualTo(new SessionEnd.NotStarted("START_FAILED", "exec: no such directory"));
    }

    @Test
    void runsOnlyWhatTheSessionWasOpenedFor() {
        RelayGateway.Call call = running("true");
        assertThat(toLast(call).getLast().getExit()).isZero();
        sandbox.asked.clear();

        serveExec("true");
        assertThat(joined("false").take().getFailed().getCode()).isEqualTo("INVALID_ARGUMENT");
        serveExec("true");
        RelayGateway.Call elsewhere = gateway.accept();
        elsewhere.take();
        elsewhere.send(GatewayFrame.newBuilder().setExec(request("true").setSandboxId("sb-2")));
        assertThat(elsewhere.take().getFailed().getCode()).isEqualTo("NOT_FOUND");
        serveExec("true");
        RelayGateway.Call attach = gateway.accept();
        attach.take();
        attach.send(GatewayFrame.newBuilder().setAttach(AttachMainProcess.getDefaultInstance()));
        assertThat(attach.take().getFailed().getCode()).isEqualTo("INVALID_ARGUMENT");
        assertThat(sandbox.asked).isEmpty();
    }

    @Test
    void aGatewayIsToldAtOnceThatNothingIsLeftToEnter() {
        client.refuse(session(gateway.address(), "true"), new SessionEnd.NotStarted("NOT_FOUND", "nothing is left"));
        RelayGateway.Call call = gateway.accept();
        assertThat(call.take().getHello().getRelayId()).isNotEmpty();
        assertThat(call.take().getFailed().getCode()).isEqualTo("NOT_FOUND");
    }

    @Test
    void anAddressItCannotDialIsATypedEnd() {
        for (String address : List.of("tcp:127.0.0.1:9", "https://gateway", "unix:relative", "", "/run/gateway.sock")) {
            assertThat(get(client.serve(session(address, "true"), sandbox)))
                    .isInstanceOfSatisfying(SessionEnd.NotStarted.class,
                            end -> assertThat(end.code()).isEqualTo("UNSUPPORTED_ADDRESS"));
        }
        assertThat(get(client.serve(session("unix:" + folder.resolve("nobody.sock"), "true"), sandbox)))
                .isInstanceOfSatisfying(SessionEnd.NotStarted.class,
                        end -> assertThat(end.code()).isEqualTo("UNAVAILABLE"));
    }

    @Test
    void aGatewayThatDoesNotKnowTheRelayEndsTheSession() {
        CompletionStage<SessionEnd> end = serveExec("true");
        RelayGateway.Call call = gateway.accept();
        call.take();
        call.refuse(GrpcStatus.NOT_FOUND, "no session waits for this relay");
        assertThat(get(end)).isEqualTo(new SessionEnd.NotStarted("NOT_FOUND", "no session waits for this relay"));
        assertThat(sandbox.asked).isEmpty();
    }

    @Test
    void refusesMoreThanSixtyFourSessionsAtOnceAndServesAgainWhenOneHasEnded() {
        List<RelayGateway.Call> calls = new ArrayList<>();
        for (int i = 0; i < RelayClient.MOST_SESSIONS; i++) {
            serveExec("cat");
            calls.add(gateway.accept());
        }
        CompletionStage<SessionEnd> beyond = serveExec("cat");
        RelayGateway.Call refused = gateway.accept();
        assertThat(refused.take().hasHello()).isTrue();
        assertThat(refused.take().getFailed().getCode()).isEqualTo("RESOURCE_EXHAUSTED");
        refused.end();
        assertThat(get(beyond)).isInstanceOf(SessionEnd.NotStarted.class);

        calls.getFirst().refuse(GrpcStatus.NOT_FOUND, "gone");
        until(() -> {
            serveExec("true");
            RelayGateway.Call next = gateway.accept();
            next.take();
            next.send(exec("true"));
            boolean served = next.take().hasExit();
            next.end();
            return served;
        });
    }
}
