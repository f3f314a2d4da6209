package io.openshell.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What a person is told, and with which exit status, when something they gave cannot be used. */
class BadInputIT {

    @Test
    void aPortInUseIsNamed() throws IOException {
        Host.assumeSandboxes();
        try (GatewayFixture gateway = GatewayFixture.prepared();
                ServerSocket other = new ServerSocket(gateway.port(), 1, InetAddress.getLoopbackAddress())) {
            Outcome outcome = gateway.cli("gateway", "start");
            assertThat(outcome.exitCode()).as(outcome.err()).isEqualTo(1);
            assertThat(outcome.err()).contains("error: ", Integer.toString(other.getLocalPort())).doesNotContain("\tat ");
            assertThat(outcome.out()).isEmpty();
        }
    }

    @Test
    void aKafkaThatDoesNotAnswerIsNamed() throws IOException {
        try (GatewayFixture gateway = GatewayFixture.prepared(); ServerSocket free = new ServerSocket(0)) {
            String nobody = "127.0.0.1:" + free.getLocalPort();
            free.close();
            Outcome outcome = gateway.cli("gateway", "start", "--kafka", nobody);
            assertThat(outcome.exitCode()).as(outcome.err()).isEqualTo(1);
            assertThat(outcome.err()).contains("error: ", nobody).doesNotContain("\tat ");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"nowhere", "host:notaport", "host:70000"})
    void aKafkaAddressThatIsNoneIsNamedAtOnce(String address) {
        try (GatewayFixture gateway = GatewayFixture.prepared()) {
            Outcome outcome = gateway.cli("gateway", "start", "--kafka", address);
            assertThat(outcome.exitCode()).as(outcome.err()).isIn(1, 2);
            assertThat(outcome.err()).contains("error: ", "--kafka").doesNotContain("\tat ");
        }
    }

    @Nested
    class OfASandbox {

        private static GatewayFixture gateway;

        @BeforeAll
        static void start() {
            Host.assumeSandboxes();
            gateway = GatewayFixture.started();
            new Sandboxes(gateway.client()).ready("real", "sleep", "600");
        }

        @AfterAll
        static void end() {
            if (gateway != null) {
                gateway.close();
            }
        }

        private static void requireRefusal(Outcome outcome, String... words) {
            assertThat(outcome.exitCode()).as(outcome.err()).isEqualTo(1);
            assertThat(outcome.err()).contains("error: ").contains(words).doesNotContain("\tat ");
        }

        @Test
        void anUnknownPolicyKeyIsNamedAndNothingChanges() throws IOException {
            Path file = gateway.scratch().resolve("typo.yaml");
            Files.writeString(file, "version: 1\nnetwork_polices: {}\n");
            requireRefusal(gateway.cli("policy", "set", "real", "--policy", file.toString()), "network_polices");
            assertThat(new Sandboxes(gateway.client()).get("real").getStatus().getCurrentPolicyVersion()).isEqualTo(1);
        }

        @Test
        void aPolicyFileThatIsNotThereIsNamed() {
            requireRefusal(gateway.cli("policy", "set", "real", "--policy", "/nowhere/p.yaml"), "/nowhere/p.yaml");
        }

        @ParameterizedTest
        @ValueSource(strings = {"Upper", "-dash", "under_score", "a/b", "sixty-four-characters-are-more-than-a-name-can-have-and-so-is-this"})
        void anInvalidNameIsRefused(String name) {
            Outcome outcome = gateway.cli("sandbox", "create", "--name=" + name, "--detach");
            assertThat(outcome.exitCode()).as(outcome.err()).isIn(1, 2);
            assertThat(outcome.err()).contains("name").doesNotContain("\tat ");
        }

        @Test
        void aNameInUseIsRefused() {
            requireRefusal(gateway.cli("sandbox", "create", "--name", "real", "--detach"), "real");
        }

        @Test
        void anUnknownSandboxIsRefused() {
            requireRefusal(gateway.cli("sandbox", "get", "nobody"), "nobody");
        }

        @Test
        void anUnknownOptionIsAUsageError() {
            Outcome outcome = gateway.cli("sandbox", "list", "--no-such-option");
            assertThat(outcome.exitCode()).isEqualTo(2);
            assertThat(outcome.err()).contains("--no-such-option");
        }
    }
}
