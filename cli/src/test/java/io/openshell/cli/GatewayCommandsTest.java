package io.openshell.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.openshell.cli.CliRun.Outcome;
import io.openshell.cli.StandInGateway.Reply;
import io.openshell.cli.json.JsonText;
import io.openshell.wire.v1.HealthResponse;
import io.openshell.wire.v1.ListSandboxesResponse;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class GatewayCommandsTest {
    @TempDir
    Path folder;

    private CliRun cli;

    @BeforeEach
    void prepare() {
        cli = new CliRun(folder);
    }

    @Test
    void statusWithoutAnyGatewaySaysSoAndSucceeds() {
        Outcome outcome = cli.run("status");
        assertThat(outcome.exitCode()).isZero();
        assertThat(outcome.out()).contains("No gateway configured");
        assertThat(JsonText.parse(cli.run("status", "-o", "json").out())).isEqualTo(Map.of("status", "not_configured"));
    }

    @Test
    void noArgumentsAndGroupsAloneShowHelp() {
        Outcome root = cli.run();
        assertThat(root.exitCode()).isZero();
        assertThat(root.out()).contains("sandbox", "policy", "logs", "history", "gateway", "status", "completions");
        Outcome group = cli.run("sb");
        assertThat(group.exitCode()).isZero();
        assertThat(group.out()).contains("create", "exec");
    }

    @Test
    void unknownFlagIsAUsageErrorOnStderr() {
        Outcome outcome = cli.run("--nope");
        assertThat(outcome.exitCode()).isEqualTo(2);
        assertThat(outcome.err()).contains("--nope");
        assertThat(outcome.out()).isEmpty();
        assertThat(cli.run("sandbox", "create", "--no-such-flag").exitCode()).isEqualTo(2);
    }

    @Test
    void statusOfAGatewayThatIsDownSucceedsAndSaysDisconnected() {
        assertThat(cli.run("gateway", "add", "http://127.0.0.1:1").exitCode()).isZero();
        Outcome outcome = cli.run("status");
        assertThat(outcome.exitCode()).isZero();
        assertThat(outcome.out()).contains("Disconnected");
    }

    @Test
    void flagBeatsVariableBeatsActiveGateway() throws IOException {
        try (StandInGateway gateway = tcp().on("Health", Reply.of(HealthResponse.newBuilder().setVersion("9").build()))) {
            cli.run("gateway", "add", "http://127.0.0.1:" + gateway.port(), "--name", "b");
            cli.run("gateway", "add", "http://127.0.0.1:1", "--name", "a");
            assertThat(cli.run("status").out()).contains("Disconnected");
            assertThat(cli.run("-g", "b", "status").out()).contains("Connected", "9");
            assertThat(cli.with("OPENSHELL_GATEWAY", "a").run("status", "-g", "b").out()).contains("Connected");
        }
    }

    @Test
    void endpointFlagNeedsNoRegistration() throws IOException {
        try (StandInGateway gateway = tcp().on("ListSandboxes", Reply.of(ListSandboxesResponse.getDefaultInstance()))) {
            Outcome outcome = cli.run("--gateway-endpoint", "http://127.0.0.1:" + gateway.port(), "sandbox", "list");
            assertThat(outcome.out()).isEqualTo("No sandboxes found.\n");
            assertThat(gateway.calls()).containsExactly("ListSandboxes");
        }
    }

    @Test
    void addWritesPrivateMetadataAndMakesTheGatewayActive() throws IOException {
        assertThat(cli.run("gateway", "add", "http://127.0.0.1:17670").exitCode()).isZero();
        Path metadata = cli.config().resolve("gateways/openshell/metadata.json");
        assertThat((Map<?, ?>) JsonText.parse(Files.readString(metadata))).extracting("auth_mode", "is_remote", "name")
                .containsExactly("plaintext", false, "openshell");
        assertThat(Files.readString(cli.config().resolve("active_gateway")).strip()).isEqualTo("openshell");
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(metadata))).isEqualTo("rw-------");
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(metadata.getParent()))).isEqualTo("rwx------");
    }

    @Test
    void addingANameTwiceIsRefusedAndChangesNothing() throws IOException {
        assertThat(cli.run("gateway", "add", "http://127.0.0.1:17670").exitCode()).isZero();
        Path metadata = cli.config().resolve("gateways/openshell/metadata.json");
        String before = Files.readString(metadata);
        assertThat(cli.run("gateway", "add", "http://127.0.0.1:2").exitCode()).isEqualTo(1);
        assertThat(Files.readString(metadata)).isEqualTo(before);
    }

    @Test
    void sshAddressNeedsAPortAndTakesNoLocationFlag() {
        assertThat(cli.run("gateway", "add", "ssh://u@h:7000").exitCode()).isZero();
        assertThat(cli.run("gateway", "add", "ssh://u@h", "--name", "x").exitCode()).isEqualTo(1);
        assertThat(cli.run("gateway", "add", "ssh://u@h:1", "--local", "--name", "x").exitCode()).isEqualTo(1);
        assertThat(cli.run("gateway", "add", "https://h", "--remote", "u@h", "--local").exitCode()).isEqualTo(2);
    }

    @Test
    void removeForgetsOwnEntriesButNotSystemOnes() throws IOException {
        Path system = Files.createDirectories(cli.system().resolve("gateways/x"));
        Files.writeString(system.resolve("metadata.json"), "{\"name\":\"x\",\"gateway_endpoint\":\"https://x:1\"}");
        assertThat(cli.run("gateway", "add", "http://127.0.0.1:1", "--name", "own").exitCode()).isZero();
        assertThat(cli.run("gateway", "remove", "own").exitCode()).isZero();
        assertThat(cli.config().resolve("gateways/own")).doesNotExist();
        assertThat(cli.config().resolve("active_gateway")).doesNotExist();
        Outcome outcome = cli.run("gateway", "remove", "x");
        assertThat(outcome.exitCode()).isEqualTo(1);
        assertThat(outcome.err()).contains("system-installed");
    }

    @Test
    void listShowsEveryKeyAndMarksTheActiveGateway() {
        cli.run("gateway", "add", "http://127.0.0.1:1", "--name", "a");
        assertThat(JsonText.parse(cli.run("gateway", "list", "-o", "json").out())).asInstanceOf(
                org.assertj.core.api.InstanceOfAssertFactories.LIST).singleElement()
                .asInstanceOf(org.assertj.core.api.InstanceOfAssertFactories.MAP)
                .containsKeys("name", "endpoint", "type", "source", "auth", "active").containsEntry("active", true);
        assertThat(cli.run("gateway", "list").out()).contains("*  a");
    }

    @Test
    void nameWithASlashIsRefusedAndLeavesNoFileOutside() {
        assertThat(cli.run("gateway", "add", "http://127.0.0.1:1", "--name", "fine").exitCode()).isZero();
        for (String name : List.of("../../evil", "a/b", "..", "")) {
            assertThat(cli.run("gateway", "add", "http://127.0.0.1:1", "--name", name).exitCode()).as(name).isEqualTo(1);
        }
        assertThat(folder.resolve("config/evil")).doesNotExist();
        assertThat(folder.resolve("evil")).doesNotExist();
    }

    @Test
    void selectNeedsAKnownGateway() {
        cli.run("gateway", "add", "http://127.0.0.1:1", "--name", "a");
        cli.run("gateway", "add", "http://127.0.0.1:1", "--name", "b");
        assertThat(cli.run("gateway", "select", "a").exitCode()).isZero();
        assertThat(cli.run("status", "-o", "json").out()).contains("\"gateway\": \"a\"");
        assertThat(cli.run("gateway", "select", "nobody").exitCode()).isEqualTo(1);
    }

    @Test
    void completionsMentionTheProgram() {
        for (String shell : List.of("bash", "zsh", "fish")) {
            Outcome outcome = cli.run("completions", shell);
            assertThat(outcome.exitCode()).as(outcome.err()).isZero();
            assertThat(outcome.out()).contains("openshell");
        }
    }

    @Test
    void readingWithoutAGatewayFailsWithAHint() {
        Outcome outcome = cli.run("sandbox", "list");
        assertThat(outcome.exitCode()).isEqualTo(1);
        assertThat(outcome.err()).contains("No active gateway", "gateway start").hasLineCount(1);
    }

    private static StandInGateway tcp() throws IOException {
        return new StandInGateway(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
    }
}
