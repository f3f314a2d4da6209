package io.openshell.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** A secret on its way from a user's environment to a host outside, and to no other place. */
class ProviderIT extends OriginCase {

    private static final String FIRST = "planted-first-2c9f41d07b";
    private static final String SECOND = "planted-second-88e1a5f3c6";
    private static final String SETTING = "a-setting-that-may-be-seen";

    private static String cli(String... arguments) {
        return cli(Map.of(), arguments);
    }

    private static String cli(Map<String, String> variables, String... arguments) {
        Outcome outcome = gateway.cli(variables, arguments);
        assertThat(outcome.exitCode()).as("%s: %s%s", List.of(arguments), outcome.out(), outcome.err()).isZero();
        return outcome.out();
    }

    private static String curl(String sandbox) {
        return sandboxes.exec(sandbox, "sh", "-c",
                "curl -sS -m 10 -H \"X-Key: openshell:resolve:env:API_KEY\" " + origin.url("/asked")).out();
    }

    private static Path policy() {
        Path file = gateway.scratch().resolve("bound.yaml");
        String text = EgressIT.allowing(origin, "/usr/bin/curl").replace("port: " + origin.port() + " }", "port: " + origin.port()
                + ", protocol: rest, access: full, enforcement: enforce, credential_binding: { provider: svc } }");
        try {
            return Files.writeString(file, text);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Test
    void aSandboxUsesACredentialItNeverSees() throws IOException {
        assertThat(gateway.cli("provider", "create", "--name", "svc", "--type", "generic", "--credential", "API_KEY=" + "x")
                .exitCode()).as("a secret on the command line").isEqualTo(2);
        cli(Map.of("API_KEY", FIRST), "provider", "create", "--name", "svc", "--type", "generic", "--credential", "API_KEY",
                "--config", "REGION=" + SETTING);
        assertThat(cli("provider", "get", "svc")).contains("generic", "API_KEY", "REGION").doesNotContain(FIRST, SETTING);
        cli("sandbox", "create", "--name", "agent", "--provider", "svc", "--policy", policy().toString(), "--detach", "--",
                "sleep", "600");
        sandboxes.ready("other", "sleep", "600");
        sandboxes.setPolicy("other", EgressIT.allowing(origin, "/usr/bin/curl"));
        String instance = sandboxes.get("agent").getStatus().getMainProcessInstanceId();

        assertThat(sandboxes.exec("agent", "sh", "-c", "echo $API_KEY").out()).isEqualTo("openshell:resolve:env:API_KEY\n");
        assertThat(sandboxes.exec("agent", "sh", "-c", "tr '\\0' '\\n' < /proc/self/environ").out()).doesNotContain("planted");
        assertThat(curl("agent")).isEqualTo("GET /asked\nkey " + OriginServer.hash(FIRST) + "\n");
        assertThat(curl("other")).contains("credential_injection_failed").doesNotContain("GET /asked");

        cli(Map.of("API_KEY", SECOND), "provider", "update", "svc", "--credential", "API_KEY");
        assertThat(curl("agent")).as("without a restart").isEqualTo("GET /asked\nkey " + OriginServer.hash(SECOND) + "\n");
        assertThat(sandboxes.get("agent").getStatus().getMainProcessInstanceId()).isEqualTo(instance);

        assertThat(gateway.cli("provider", "delete", "svc").out()).contains("not deleted", "agent");
        assertThat(cli("sandbox", "provider", "list", "agent")).contains("svc");
        assertThat(cli("sandbox", "get", "agent")).containsPattern("Providers: +svc");
        assertThat(cli("sandbox", "provider", "attach", "agent", "svc")).contains("already");
        cli("sandbox", "provider", "detach", "agent", "svc");
        Await.until("the proxy knows that the provider is detached", Duration.ofSeconds(10),
                () -> curl("agent").contains("credential_injection_failed"), () -> curl("agent"));
        assertThat(cli("history", "agent")).contains("provider svc attached", "provider svc detached");
        Await.until("the history tells of the provider", Duration.ofSeconds(10), () -> cli("history", "--all-sandboxes")
                .contains("provider svc of type generic created, with API_KEY"), () -> cli("history", "--all-sandboxes"));
        cli("replay", "export", "agent", "--out", gateway.scratch().resolve("agent.replay").toString());
        surviveARestart();
        cli("provider", "delete", "svc");
        assertThat(gateway.cli("provider", "get", "svc").exitCode()).isNotZero();
        nothingTellsASecret();
    }

    @Test
    void case80ASandboxAsksAModelThatItsWorkspaceChose() {
        cli(Map.of("OPENAI_API_KEY", FIRST), "provider", "create", "--name", "model", "--type", "openai", "--from-existing",
                "--config", "OPENAI_BASE_URL=" + origin.url("/v1"));
        sandboxes.ready("asker", "sleep", "600");
        assertThat(ask("/v1/chat/completions")).contains("503");
        assertThat(cli("inference", "set", "--provider", "model", "--model", "m-1")).contains("m-1", "60s (default)");
        assertThat(ask("/v1/chat/completions"))
                .isEqualTo("POST /v1/chat/completions\nkey " + OriginServer.hash("Bearer " + FIRST) + "\n");
        assertThat(ask("/v1/files")).contains("connection not allowed by policy");
        assertThat(cli("inference", "get")).contains("m-1", "Not configured");
        cli("inference", "delete");
        cli("provider", "delete", "model");
    }

    private static String ask(String path) {
        Outcome outcome = sandboxes.exec("asker", "curl", "-sS", "-m", "10", "-H", "Content-Type: application/json",
                "-d", "{\"messages\":[]}", "https://inference.local" + path);
        return outcome.out() + outcome.err();
    }

    private static void surviveARestart() {
        cli("sandbox", "provider", "attach", "agent", "svc");
        gateway.stop();
        gateway.start();
        Await.until("the sandbox is taken over and its proxy has the secret", Duration.ofSeconds(30),
                () -> curl("agent").contains(OriginServer.hash(SECOND)), () -> curl("agent") + gateway.output());
        cli("sandbox", "provider", "detach", "agent", "svc");
    }

    /** Every file below the gateway's folders: the topics, the views, the history, the logs, what sandboxes have. */
    private static void nothingTellsASecret() throws IOException {
        List<Path> telling = new ArrayList<>();
        boolean found = false;
        try (var all = Files.walk(gateway.scratch())) {
            for (Path file : all.filter(Files::isRegularFile).toList()) {
                String text = new String(Files.readAllBytes(file), StandardCharsets.ISO_8859_1);
                found |= text.contains(SETTING);
                if (text.contains(FIRST) || text.contains(SECOND)) {
                    telling.add(file);
                }
            }
        }
        assertThat(found).as("the search finds what is there").isTrue();
        assertThat(telling).isEmpty();
    }
}
