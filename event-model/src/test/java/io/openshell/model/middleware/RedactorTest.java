package io.openshell.model.middleware;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.openshell.model.policy.ConfigValue;
import io.openshell.model.policy.RedactorConfig;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import org.assertj.core.api.Assertions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class RedactorTest {
    private static final String GITHUB = "ghp_" + "a1B2".repeat(9);

    private static ConfigValue.Fields config(Map<String, ConfigValue> values) {
        return new ConfigValue.Fields(new TreeMap<>(values));
    }

    private static ConfigValue texts(String... names) {
        return new ConfigValue.Items(List.of(names).stream().map(name -> (ConfigValue) new ConfigValue.Text(name)).toList());
    }

    private static Redactor.Result look(Map<String, ConfigValue> settings, String body) {
        return RedactorConfig.redactor(config(settings)).look(body.getBytes(StandardCharsets.ISO_8859_1));
    }

    private static String passed(String body) {
        return passed(Map.of(), body);
    }

    private static String passed(Map<String, ConfigValue> settings, String body) {
        return new String(((Redactor.Result.Passed) look(settings, body)).body(), StandardCharsets.ISO_8859_1);
    }

    @ParameterizedTest
    @CsvSource({
        "aws_access_key, AKIAABCDEFGHIJKLMNOP",
        "gitlab_token, glpat-abcdefghijklmnopqrst",
        "slack_token, xoxb-1234567890-abc",
        "model_api_key, sk-abcdefghij0123456789",
        "google_api_key, AIzaabcdefghijklmnopqrstuvwxyzABCDEFGHI",
        "payment_key, sk_live_abcdefghijklmnop",
        "json_web_token, eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxMjM0In0.abcdefghijklmnop",
    })
    void aSecretOfAKnownFormIsTakenOut(String name, String secret) {
        var said = "{\"a\":\"" + secret + "\",\"b\":1}";
        var out = passed(said);

        assertThat(out).isEqualTo("{\"a\":\"[REDACTED:" + name + "]\",\"b\":1}");
    }

    @Test
    void everyOneIsTakenOutAndCounted() {
        var result = (Redactor.Result.Passed) look(Map.of(), GITHUB + " " + GITHUB + ",AKIAABCDEFGHIJKLMNOP");

        assertThat(result.removed()).isEqualTo(new TreeMap<>(Map.of("github_token", 2, "aws_access_key", 1)));
        assertThat(new String(result.body(), StandardCharsets.US_ASCII))
                .isEqualTo("[REDACTED:github_token] [REDACTED:github_token],[REDACTED:aws_access_key]");
    }

    @Test
    void aPrivateKeyGoesAsAWholeAlsoWhenItsEndIsMissing() {
        var key = "-----BEGIN RSA PRIVATE KEY-----\nMIIabc\n-----END RSA PRIVATE KEY-----";

        assertThat(passed("x" + "\n" + key + "\ny")).isEqualTo("x\n[REDACTED:private_key]\ny");
        assertThat(passed("-----BEGIN PRIVATE KEY-----\nMIIabc")).isEqualTo("[REDACTED:private_key]");
        assertThat(passed("-----BEGIN CERTIFICATE-----\nMIIabc\n-----END CERTIFICATE-----")).contains("MIIabc");
    }

    @ParameterizedTest
    @CsvSource({"ghp_short", "AKIAABCDEFGHIJKLMNOPQ", "xAKIAABCDEFGHIJKLMNOP", "sk-short", "eyJnotatoken.at.all", "task-force-of-all-the-people-here"})
    void whatOnlyResemblesOneStays(String text) {
        assertThat(passed(text)).isEqualTo(text);
    }

    @Test
    void onlyTheWantedFormsAreTakenOut() {
        assertThat(passed(Map.of("secrets", texts("aws_access_key")), GITHUB)).isEqualTo(GITHUB);
    }

    @Test
    void arbitraryBytesPassAsTheyAre() {
        var bytes = new byte[10_000];
        new Random(1).nextBytes(bytes);
        var body = new String(bytes, StandardCharsets.ISO_8859_1);

        assertThat(passed(body)).isEqualTo(body);
    }

    @Test
    void refusingTellsWhatWasFoundAndNotTheSecret() {
        assertThat(look(Map.of("action", new ConfigValue.Text("refuse")), "a " + GITHUB))
                .isEqualTo(new Redactor.Result.Refused(List.of("github_token")));
        assertThat(look(Map.of("action", new ConfigValue.Text("refuse")), "nothing")).isInstanceOf(Redactor.Result.Passed.class);
    }

    @ParameterizedTest
    @CsvSource({"action, explode", "secrets, all", "max_body_bytes, 1", "colour, red"})
    void aConfigurationThatMeansNothingIsRefused(String name, String value) {
        var config = config(Map.of(name, new ConfigValue.Text(value)));

        assertThat(RedactorConfig.problems(config)).hasSize(1).first().asString().contains(name);
        assertThatThrownBy(() -> RedactorConfig.redactor(config)).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void limitsAreBounded() {
        assertThat(RedactorConfig.redactor(config(Map.of("max_body_bytes", new ConfigValue.Number(1_000)))).limit()).isEqualTo(1_000);
        for (double wrong : new double[] {0, -1, 1.5, 5e6}) {
            assertThat(RedactorConfig.problems(config(Map.of("max_body_bytes", new ConfigValue.Number(wrong))))).hasSize(1);
        }
    }

    @Test
    void aHostileTextIsLookedThroughInTime() {
        var body = ("-----BEGIN " + "eyJ" + "sk-").repeat(80_000);

        Assertions.assertThatCode(() -> org.junit.jupiter.api.Assertions.assertTimeout(
                Duration.ofSeconds(10), () -> passed(body))).doesNotThrowAnyException();
    }
}
