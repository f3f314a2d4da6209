package io.openshell.agent.session;

import static org.assertj.core.api.Assertions.assertThat;

import io.openshell.wire.control.v1.AgentFrame;
import io.openshell.wire.control.v1.AttachMainProcess;
import io.openshell.wire.control.v1.GatewayFrame;
import io.openshell.wire.v1.ExecSandboxWindowResize;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.CompletionStage;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.Test;

/** What ends when a session ends early. */
class RelayEndTest extends RelayScene {

    @Test
    void cancelEndsWhatWasStarted() {
        CompletionStage<SessionEnd> end = serveExec("sleep", "600");
        RelayGateway.Call call = joined("sleep", "600");
        ScriptedProcess process = RelayGateway.poll(sandbox.started, "nothing was started");
        assertThat(process.process.isAlive()).isTrue();
        cancel(call, false);
        assertThat(get(end)).isEqualTo(new SessionEnd.Exited(143));
        assertThat(process.signals).containsExactly(15);
        assertThat(process.process.isAlive()).isFalse();
    }

    @Test
    void killsWhatDoesNotEndWhenAskedTo() {
        String script = "trap '' TERM; echo up; while true; do sleep 1; done";
        CompletionStage<SessionEnd> end = serveExec("sh", "-c", script);
        RelayGateway.Call call = joined("sh", "-c", script);
        assertThat(call.take().getStdout().toStringUtf8()).isEqualTo("up\n");
        ScriptedProcess process = RelayGateway.poll(sandbox.started, "nothing was started");
        cancel(call, false);
        assertThat(get(end)).isEqualTo(new SessionEnd.Exited(137));
        assertThat(process.signals).containsExactly(15, 9);
    }

    @Test
    void endsWith124WhenTheTimeIsOver() {
        CompletionStage<SessionEnd> end = serveExec("sleep", "600");
        RelayGateway.Call call = joined("sleep", "600");
        RelayGateway.poll(sandbox.started, "nothing was started");
        cancel(call, true);
        assertThat(get(end)).isEqualTo(new SessionEnd.Exited(124));
    }

    @Test
    void cancelReachesAProcessThatReadsNoInputAndWhoseOutputNobodyTakes() {
        CompletionStage<SessionEnd> end = serveExec("sh", "-c", "cat /dev/zero");
        RelayGateway.Call call = joined("sh", "-c", "cat /dev/zero");
        ScriptedProcess process = RelayGateway.poll(sandbox.started, "nothing was started");
        call.stdin(new byte[400_000], 0, 400_000).join();
        assertThat(stable(process.delivered)).isPositive();
        cancel(call, false);
        get(end);
        assertThat(process.process.isAlive()).isFalse();
    }

    @Test
    void aResetStreamEndsWhatWasStarted() {
        CompletionStage<SessionEnd> end = serveExec("sh", "-c", "echo up; exec sleep 600");
        RelayGateway.Call call = joined("sh", "-c", "echo up; exec sleep 600");
        assertThat(call.take().hasStdout()).isTrue();
        ScriptedProcess process = RelayGateway.poll(sandbox.started, "nothing was started");
        call.reset();
        assertThat(get(end)).isInstanceOf(SessionEnd.Lost.class);
        assertThat(process.process.isAlive()).isFalse();
    }

    @Test
    void aBrokenConnectionEndsWhatWasStarted() {
        CompletionStage<SessionEnd> end = serveExec("sleep", "600");
        RelayGateway.Call call = joined("sleep", "600");
        ScriptedProcess process = RelayGateway.poll(sandbox.started, "nothing was started");
        call.disconnect();
        assertThat(get(end)).isInstanceOf(SessionEnd.Lost.class);
        assertThat(process.process.isAlive()).isFalse();
    }

    @Test
    void theEndOfTheGatewaysStreamEndsWhatWasStarted() {
        CompletionStage<SessionEnd> end = serveExec("sleep", "600");
        RelayGateway.Call call = joined("sleep", "600");
        ScriptedProcess process = RelayGateway.poll(sandbox.started, "nothing was started");
        call.end();
        assertThat(get(end)).isInstanceOf(SessionEnd.Lost.class);
        assertThat(process.process.isAlive()).isFalse();
    }

    @RepeatedTest(3)
    void closingTheClientEndsItsCommandsAndStartsNoMore() {
        CompletionStage<SessionEnd> end = serveExec("sleep", "600");
        joined("sleep", "600");
        ScriptedProcess process = RelayGateway.poll(sandbox.started, "nothing was started");
        client.close();
        assertThat(get(end)).isEqualTo(new SessionEnd.Lost("the node agent is stopping"));
        assertThat(process.process.isAlive()).isFalse();
        assertThat(get(serveExec("true"))).isInstanceOf(SessionEnd.NotStarted.class);
    }

    @Test
    void endsACommandWhoseTimeIsOverWhenTheGatewayDoesNot() {
        CompletionStage<SessionEnd> end = serveExec("sleep", "600");
        RelayGateway.Call call = gateway.accept();
        call.take();
        call.send(GatewayFrame.newBuilder().setExec(request("sleep", "600").setTimeoutSeconds(1)));
        assertThat(toLast(call).getLast().getExit()).isEqualTo(124);
        assertThat(get(end)).isEqualTo(new SessionEnd.Exited(124));
    }

    @Test
    void attachReplaysWhatWasSaidAndDetachesWithoutEndingTheProcess() throws IOException {
        ScriptedProcess main = sandbox.startMain("sh", "-c", "echo before; cat");
        CompletionStage<SessionEnd> end = serveAttach();
        RelayGateway.Call call = gateway.accept();
        call.take();
        call.send(GatewayFrame.newBuilder().setAttach(AttachMainProcess.newBuilder().setCols(90).setRows(30)));
        assertThat(call.take().getStdout().toStringUtf8()).isEqualTo("before\n");
        call.stdin("live".getBytes(StandardCharsets.UTF_8), 0, 4);
        assertThat(call.take().getStdout().toStringUtf8()).isEqualTo("live");
        assertThat(main.sizes).containsExactly("90x30");
        cancel(call, false);
        assertThat(get(end)).isEqualTo(new SessionEnd.Detached());
        until(() -> main.listening() == 0);
        assertThat(main.process.isAlive()).isTrue();
        assertThat(main.signals).isEmpty();
    }

    @Test
    void aLostStreamLeavesTheMainProcessAlone() throws IOException {
        ScriptedProcess main = sandbox.startMain("sh", "-c", "echo before; cat");
        CompletionStage<SessionEnd> end = serveAttach();
        RelayGateway.Call call = gateway.accept();
        call.take();
        call.send(GatewayFrame.newBuilder().setAttach(AttachMainProcess.getDefaultInstance()));
        assertThat(call.take().hasStdout()).isTrue();
        call.reset();
        assertThat(get(end)).isInstanceOf(SessionEnd.Lost.class);
        until(() -> main.listening() == 0);
        assertThat(main.process.isAlive()).isTrue();
        assertThat(main.signals).isEmpty();
    }

    @Test
    void whoOnlyLooksOnCannotWrite() throws IOException {
        ScriptedProcess main = sandbox.startMain("cat");
        serveAttach();
        RelayGateway.Call writing = gateway.accept();
        writing.take();
        writing.send(GatewayFrame.newBuilder().setAttach(AttachMainProcess.getDefaultInstance()));
        serveAttach();
        RelayGateway.Call looking = gateway.accept();
        looking.take();
        looking.send(GatewayFrame.newBuilder().setAttach(AttachMainProcess.newBuilder().setReadOnly(true)));
        until(() -> main.listening() == 2);
        looking.stdin("no".getBytes(StandardCharsets.UTF_8), 0, 2);
        looking.endInput();
        looking.send(GatewayFrame.newBuilder().setResize(ExecSandboxWindowResize.newBuilder().setCols(1).setRows(1)));
        cancel(looking, false);
        until(() -> main.listening() == 1);
        writing.stdin("yes".getBytes(StandardCharsets.UTF_8), 0, 3);
        writing.endInput();
        assertThat(bytes(toLast(writing), AgentFrame.PayloadCase.STDOUT)).asString().isEqualTo("yes");
        assertThat(main.sizes).isEmpty();
    }
}
