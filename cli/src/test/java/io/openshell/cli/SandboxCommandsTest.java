package io.openshell.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import com.google.protobuf.InvalidProtocolBufferException;
import io.openshell.cli.CliRun.Outcome;
import io.openshell.cli.StandInGateway.Reply;
import io.openshell.cli.json.JsonText;
import io.openshell.wire.control.v1.EventActor;
import io.openshell.wire.control.v1.HistoryEntry;
import io.openshell.wire.datamodel.v1.ObjectMeta;
import io.openshell.wire.sandbox.v1.GetSandboxConfigResponse;
import io.openshell.wire.sandbox.v1.PolicySource;
import io.openshell.wire.sandbox.v1.SandboxPolicy;
import io.openshell.wire.v1.ExecSandboxEvent;
import io.openshell.wire.v1.ExecSandboxExit;
import io.openshell.wire.v1.ExecSandboxRequest;
import io.openshell.wire.v1.ExecSandboxStderr;
import io.openshell.wire.v1.ExecSandboxStdout;
import io.openshell.wire.v1.DeleteSandboxResponse;
import io.openshell.wire.v1.GetSandboxLogsResponse;
import io.openshell.wire.v1.GetSandboxPolicyStatusResponse;
import io.openshell.wire.v1.ListSandboxesResponse;
import io.openshell.wire.v1.PolicyStatus;
import io.openshell.wire.v1.Sandbox;
import io.openshell.wire.v1.SandboxLogLine;
import io.openshell.wire.v1.SandboxCondition;
import io.openshell.wire.v1.SandboxPhase;
import io.openshell.wire.v1.SandboxPolicyRevision;
import io.openshell.wire.v1.SandboxResponse;
import io.openshell.wire.v1.SandboxStatus;
import io.openshell.wire.v1.SandboxStreamEvent;
import io.openshell.wire.v1.UpdateConfigResponse;
import java.io.IOException;
import java.net.UnixDomainSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SandboxCommandsTest {
    @TempDir
    Path folder;

    private CliRun cli;
    private StandInGateway gateway;

    @BeforeEach
    void prepare() throws IOException {
        cli = new CliRun(folder);
        Files.createDirectories(cli.socket().getParent());
        gateway = new StandInGateway(UnixDomainSocketAddress.of(cli.socket()));
        gateway.on("GetSandbox", Reply.of(SandboxResponse.newBuilder().setSandbox(sandbox(SandboxPhase.SANDBOX_PHASE_READY)).build()))
                .on("CreateSandbox", Reply.of(SandboxResponse.newBuilder()
                        .setSandbox(sandbox(SandboxPhase.SANDBOX_PHASE_PROVISIONING)).build()))
                .on("WatchSandbox", Reply.of(seen(sandbox(SandboxPhase.SANDBOX_PHASE_READY))));
    }

    @AfterEach
    void stop() throws IOException {
        gateway.close();
    }

    @Test
    void createPassesOutputAndExitStatusOn() {
        gateway.on("FollowMain", Reply.of(stdout("hello\n"), stderr("oops\n"), exit(7)));
        Outcome outcome = cli.run("sandbox", "create", "--name", "demo", "--no-tty", "--", "sh", "-c", "exit 7");
        assertThat(outcome.exitCode()).isEqualTo(7);
        assertThat(outcome.out()).isEqualTo("hello\n");
        assertThat(outcome.err()).contains("Created sandbox: demo", "oops");
    }

    @Test
    void createStillAttachesWhenTheProgramHasEndedAlready() {
        Sandbox ended = sandbox(SandboxPhase.SANDBOX_PHASE_ERROR).toBuilder()
                .setStatus(SandboxStatus.newBuilder().setPhase(SandboxPhase.SANDBOX_PHASE_ERROR).setExitCode(3)).build();
        gateway.on("WatchSandbox", Reply.of(seen(ended))).on("FollowMain", Reply.of(stdout("x"), exit(3)));
        Outcome outcome = cli.run("sandbox", "create", "--no-tty", "--", "false");
        assertThat(outcome.exitCode()).isEqualTo(3);
        assertThat(outcome.out()).isEqualTo("x");
    }

    @Test
    void createThatFailsSaysWhyAndDoesNotAttach() {
        gateway.on("WatchSandbox", Reply.of(seen(sandbox(SandboxPhase.SANDBOX_PHASE_ERROR))));
        Outcome outcome = cli.run("sandbox", "create", "--", "true");
        assertThat(outcome.exitCode()).isEqualTo(1);
        assertThat(outcome.err()).contains("failed", "openshell logs demo");
        assertThat(gateway.calls()).doesNotContain("FollowMain");
    }

    @Test
    void detachReturnsWhenReadyAndRemembersTheSandbox() {
        assertThat(cli.run("sandbox", "create", "--name", "demo", "--detach").exitCode()).isZero();
        assertThat(gateway.calls()).contains("WatchSandbox").doesNotContain("FollowMain");
        gateway.on("GetSandboxLogs", Reply.of(GetSandboxLogsResponse.getDefaultInstance()));
        Outcome outcome = cli.run("logs");
        assertThat(outcome.exitCode()).isZero();
        assertThat(outcome.err()).contains("Using sandbox 'demo'");
    }

    @Test
    void takenNameIsRefusedWithAHint() {
        gateway.on("CreateSandbox", Reply.refusal(6, "exists"));
        Outcome outcome = cli.run("sandbox", "create", "--name", "work", "--detach");
        assertThat(outcome.exitCode()).isEqualTo(1);
        assertThat(outcome.err()).contains("work", "sandbox delete").hasLineCount(1);
    }

    @Test
    void unknownSandboxExitsOneWithTheGatewaysWords() {
        gateway.on("GetSandbox", Reply.refusal(5, "sandbox nobody not found"));
        Outcome outcome = cli.run("sandbox", "get", "nobody");
        assertThat(outcome.exitCode()).isEqualTo(1);
        assertThat(outcome.err()).isEqualTo("error: sandbox nobody not found\n");
    }

    @Test
    void getAsJsonHasEveryKey() {
        gateway.on("GetSandboxConfig", Reply.of(GetSandboxConfigResponse.newBuilder().setVersion(4)
                .setPolicySource(PolicySource.POLICY_SOURCE_SANDBOX).setPolicy(SandboxPolicy.newBuilder().setVersion(1)).build()));
        Map<?, ?> json = (Map<?, ?>) JsonText.parse(cli.run("sandbox", "get", "demo", "-o", "json").out());
        assertThat(json.keySet()).map(String::valueOf).containsExactlyInAnyOrder("id", "name", "phase", "workspace", "labels",
                "annotations", "providers", "resource_version", "created_at", "current_policy_version", "policy_source", "revision", "policy");
        assertThat(json.get("phase")).isEqualTo("Ready");
        assertThat(json.get("policy")).isEqualTo(Map.of("version", 1L));
        assertThat(cli.run("sandbox", "get", "demo").out()).contains("Phase:", "Ready", "version: 1");
        assertThat(cli.run("sandbox", "get", "demo", "-o", "yaml").out()).contains("phase: Ready");
    }

    @Test
    void listShowsNamesAndPhases() {
        gateway.on("ListSandboxes", Reply.of(ListSandboxesResponse.newBuilder()
                .addSandboxes(sandbox(SandboxPhase.SANDBOX_PHASE_READY)).build()));
        assertThat(cli.run("sandbox", "list").out()).containsPattern("demo.*Ready");
        assertThat(cli.run("sandbox", "list", "--names").out()).isEqualTo("demo\n");
        assertThat(cli.run("sandbox", "list", "--names", "-o", "json").exitCode()).isEqualTo(2);
    }

    @Test
    void execSendsInputAndPassesTheExitStatusOn() {
        gateway.on("ExecSandbox", request -> Reply.of(stdout(execInput(request)), exit(42)));
        Outcome outcome = cli.typing("abc").run("sandbox", "exec", "-n", "demo", "--no-tty", "--", "sh", "-c", "cat");
        assertThat(outcome.exitCode()).isEqualTo(42);
        assertThat(outcome.out()).isEqualTo("abc sh -c cat");
    }

    @Test
    void execInASandboxThatIsNotReadySaysWhyAndWhatHelps() {
        SandboxCondition ended = SandboxCondition.newBuilder().setType("Ready").setStatus("False").setMessage("its main process ended with 0").build();
        Sandbox error = sandbox(SandboxPhase.SANDBOX_PHASE_ERROR);
        gateway.on("GetSandbox", Reply.of(SandboxResponse.newBuilder().setSandbox(error.toBuilder()
                        .setStatus(error.getStatus().toBuilder().addConditions(ended))).build()))
                .on("ExecSandbox", Reply.refusal(9, "sandbox is not ready"));
        Outcome outcome = cli.run("sandbox", "exec", "-n", "demo", "--no-tty", "--", "true");
        assertThat(outcome.exitCode()).isEqualTo(1);
        assertThat(outcome.err()).contains("'demo' is not ready: Error, its main process ended with 0. `openshell sandbox start demo`");
    }

    @Test
    void deleteReportsEachNameAndFailsForUnknownOnes() {
        gateway.on("DeleteSandbox", Reply.of(DeleteSandboxResponse.newBuilder().setDeleted(true).build()));
        assertThat(cli.run("sandbox", "delete", "a", "b").out()).isEqualTo("✓ Deleted sandbox a\n✓ Deleted sandbox b\n");
        gateway.on("DeleteSandbox", Reply.refusal(5, "gone"));
        assertThat(cli.run("sandbox", "delete", "a").exitCode()).isEqualTo(1);
        assertThat(cli.run("sandbox", "delete").exitCode()).isEqualTo(2);
    }

    @Test
    void typoInAPolicyIsNamedAndNothingIsSent() throws IOException {
        Path file = folder.resolve("p.yaml");
        acceptPolicies(PolicyStatus.POLICY_STATUS_LOADED);
        Files.writeString(file, "version: 1\n");
        assertThat(cli.run("policy", "set", "demo", "--policy", file.toString(), "--wait").exitCode()).isZero();
        int before = gateway.calls().size();
        Files.writeString(file, "version: 1\nnetwork_polices: {}\n");
        Outcome outcome = cli.run("policy", "set", "demo", "--policy", file.toString());
        assertThat(outcome.exitCode()).isEqualTo(1);
        assertThat(outcome.err()).contains("network_polices").hasLineCount(1);
        assertThat(gateway.calls()).hasSize(before);
    }

    @Test
    void policyThatTheSandboxRefusesExitsOneAndPendingOnesTimeOut() throws IOException {
        Path file = folder.resolve("p.yaml");
        Files.writeString(file, "version: 1\n");
        acceptPolicies(PolicyStatus.POLICY_STATUS_FAILED);
        assertThat(cli.run("policy", "set", "demo", "--policy", file.toString(), "--wait").exitCode()).isEqualTo(1);
        acceptPolicies(PolicyStatus.POLICY_STATUS_PENDING);
        assertThat(cli.run("policy", "set", "demo", "--policy", file.toString(), "--wait", "--timeout", "0").exitCode())
                .isEqualTo(124);
    }

    @Test
    void historyAsJsonHoldsActorAndBody() {
        gateway.on("GetHistory", Reply.of(HistoryEntry.newBuilder().setVersion(1).setType("SandboxCreated")
                .setActor(EventActor.newBuilder().setKind("user").setSubject("root")).setBodyJson("{\"a\":[1,null]}").build()));
        List<?> events = (List<?>) JsonText.parse(cli.run("history", "demo", "-o", "json").out());
        assertThat((Map<?, ?>) events.get(0)).extracting("type").isEqualTo("SandboxCreated");
        assertThat(((Map<?, ?>) ((Map<?, ?>) events.get(0)).get("actor")).get("subject")).isEqualTo("root");
        assertThat(((Map<?, ?>) ((Map<?, ?>) events.get(0)).get("body")).get("a")).isEqualTo(java.util.Arrays.asList(1L, null));
        assertThat(cli.run("history", "demo").out()).contains("SandboxCreated", "root");
    }

    @Test
    void logLinesKeepTheirFormAndCannotSteerTheTerminal() {
        gateway.on("GetSandboxLogs", Reply.of(GetSandboxLogsResponse.newBuilder().addLogs(SandboxLogLine.newBuilder()
                .setTimestampMs(1_500).setLevel("INFO").setTarget("proxy").setMessage("a\u001b[2Jb").setSource("sandbox")
                .putFields("z", "1").putFields("k", "2")).build()));
        assertThat(cli.run("logs", "demo").out()).isEqualTo("[1.500] [sandbox] [INFO ] [proxy] a\uFFFD[2Jb k=2 z=1\n");
        assertThat(cli.run("logs", "demo", "--level", "loud").exitCode()).isEqualTo(2);
    }

    private void acceptPolicies(PolicyStatus status) {
        gateway.on("UpdateConfig", Reply.of(UpdateConfigResponse.newBuilder().setVersion(2).setPolicyHash("0123456789abcdef").build()))
                .on("GetSandboxPolicyStatus", Reply.of(GetSandboxPolicyStatusResponse.newBuilder().setRevision(
                        SandboxPolicyRevision.newBuilder().setVersion(2).setStatus(status)).build()));
    }

    private static String execInput(byte[] request) {
        try {
            ExecSandboxRequest parsed = ExecSandboxRequest.parseFrom(request);
            return parsed.getStdin().toStringUtf8() + " " + String.join(" ", parsed.getCommandList());
        } catch (InvalidProtocolBufferException e) {
            throw new IllegalStateException(e);
        }
    }

    private static Sandbox sandbox(SandboxPhase phase) {
        return Sandbox.newBuilder().setMetadata(ObjectMeta.newBuilder().setId("id-1").setName("demo").setWorkspace("default"))
                .setStatus(SandboxStatus.newBuilder().setPhase(phase)).build();
    }

    private static SandboxStreamEvent seen(Sandbox sandbox) {
        return SandboxStreamEvent.newBuilder().setSandbox(sandbox).build();
    }

    private static ExecSandboxEvent stdout(String text) {
        return ExecSandboxEvent.newBuilder().setStdout(ExecSandboxStdout.newBuilder().setData(ByteString.copyFromUtf8(text))).build();
    }

    private static ExecSandboxEvent stderr(String text) {
        return ExecSandboxEvent.newBuilder().setStderr(ExecSandboxStderr.newBuilder().setData(ByteString.copyFromUtf8(text))).build();
    }

    private static ExecSandboxEvent exit(int code) {
        return ExecSandboxEvent.newBuilder().setExit(ExecSandboxExit.newBuilder().setExitCode(code)).build();
    }
}
