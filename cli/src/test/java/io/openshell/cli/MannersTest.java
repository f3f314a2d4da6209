package io.openshell.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.openshell.cli.CliRun.Outcome;
import io.openshell.cli.StandInGateway.Reply;
import io.openshell.wire.datamodel.v1.ObjectMeta;
import io.openshell.wire.v1.ListSandboxesResponse;
import io.openshell.wire.v1.Sandbox;
import java.io.IOException;
import java.net.UnixDomainSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** How the command line speaks with people, whatever the command. */
class MannersTest {
    @TempDir
    Path folder;

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {
        "sandbox create --no-such   | error: unknown option: '--no-such'. Did you mean --no-keep?       | openshell sandbox create",
        "sandbox lsit               | error: there is no command 'openshell sandbox lsit'.              | openshell sandbox",
        "nope                       | error: there is no command 'openshell nope'.                      | openshell",
        "sandbox get one two        | error: 'two' is one argument too many.                            | openshell sandbox get",
        "sandbox exec               | error: missing required parameter: 'COMMAND'.                     | openshell sandbox exec",
        "sandbox list --limit x     | error: invalid value for option '--limit': 'x' is not an int.     | openshell sandbox list",
        "sandbox list -o wide       | error: invalid value for option '-o': expected one of [table, json, yaml] but was 'wide'. | openshell sandbox list",
    })
    void aMistakeIsNamedInOneLineAndTheNextSaysWhereHelpIs(String line, String sentence, String command) {
        Outcome outcome = new CliRun(folder).run(line.split(" "));
        assertThat(outcome.exitCode()).isEqualTo(2);
        assertThat(outcome.out()).isEmpty();
        assertThat(outcome.err().lines().toList()).hasSize(2);
        assertThat(outcome.err()).startsWith(sentence).endsWith("\n`" + command + " --help` shows what it takes.\n");
    }

    @ParameterizedTest
    @ValueSource(strings = {"--version", "-V", "sandbox -V", "sandbox list --version"})
    void theVersionIsSaidAlsoBelowTheRoot(String line) {
        Outcome outcome = new CliRun(folder).run(line.split(" "));
        assertThat(outcome.exitCode()).isZero();
        assertThat(outcome.out()).isEqualTo("openshell 0.1.0\n");
    }

    @ParameterizedTest
    @CsvSource({"--limit=0,--limit is at least 1", "--limit=-1,--limit is at least 1", "--offset=-1,--offset is at least 0"})
    void aListOfNothingIsAMistake(String flag, String sentence) throws IOException {
        CliRun cli = new CliRun(folder);
        Files.createDirectories(cli.socket().getParent());
        try (StandInGateway gateway = new StandInGateway(UnixDomainSocketAddress.of(cli.socket()))) {
            gateway.on("ListSandboxes", Reply.of(ListSandboxesResponse.getDefaultInstance()));
            assertThat(cli.run("sandbox", "list", "--limit=1").exitCode()).isZero();
            Outcome outcome = cli.run("sandbox", "list", flag);
            assertThat(outcome.exitCode()).isEqualTo(2);
            assertThat(outcome.err()).startsWith("error: " + sentence);
            assertThat(gateway.calls()).containsExactly("ListSandboxes");
        }
    }

    @Test
    void theItemsOfAListBeginBesideTheirDashes() throws IOException {
        CliRun cli = new CliRun(folder);
        Files.createDirectories(cli.socket().getParent());
        Sandbox one = Sandbox.newBuilder().setMetadata(ObjectMeta.newBuilder().setId("i1").setName("one").setWorkspace("default")
                .putLabels("k", "v").setCreatedAtMs(1_000)).build();
        try (StandInGateway gateway = new StandInGateway(UnixDomainSocketAddress.of(cli.socket()))) {
            gateway.on("ListSandboxes", Reply.of(ListSandboxesResponse.newBuilder().addSandboxes(one).addSandboxes(one).build()));
            assertThat(cli.run("sandbox", "list", "-o", "yaml").out())
                    .startsWith("- id: i1\n  name: one\n").contains("\n  labels:\n    k: v\n", "\n- id: i1\n",
                            "\n  created_at: \"1970-01-01 00:00:01\"\n");
        }
    }
}
