package io.openshell.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Rules that an attached provider contributes to a running sandbox, as its user sees them come and go. */
class ProviderRulesIT {

    private static final Pattern DECISION = Pattern.compile("\"decision_id\" ?: ?\"([^\"]+)\"");
    private static GatewayFixture gateway;
    private static Sandboxes sandboxes;

    @BeforeAll
    static void start() {
        Host.assumeSandboxes();
        Host.assumeProgram("/usr/bin/curl");
        gateway = GatewayFixture.started();
        sandboxes = new Sandboxes(gateway.client());
    }

    @AfterAll
    static void end() {
        if (gateway != null) {
            gateway.close();
        }
    }

    private static String cli(String... arguments) {
        Outcome outcome = gateway.cli(Map.of("GITHUB_TOKEN", "planted"), arguments);
        assertThat(outcome.exitCode()).as("%s: %s%s", List.of(arguments), outcome.out(), outcome.err()).isZero();
        return outcome.out();
    }

    /** Why a program that no rule names is refused; nothing is looked up for it. */
    private static String explained() {
        String body = sandboxes.exec("agent", "curl", "-sS", "-m", "10", "http://api.github.com:443/zen").out();
        Matcher id = DECISION.matcher(body);
        assertThat(id.find()).as(body).isTrue();
        return cli("explain", id.group(1));
    }

    private static void told(String fact, int times) {
        Await.until(fact, Duration.ofSeconds(20), () -> cli("history", "agent").split(fact, -1).length - 1 == times,
                () -> cli("history", "agent"));
    }

    @Test
    void theyTakeEffectInARunningSandboxAndGoWithTheProvider() {
        cli("provider", "create", "--name", "work", "--type", "github", "--credential", "GITHUB_TOKEN");
        sandboxes.ready("agent", "sleep", "600");
        sandboxes.setPolicy("agent", EgressIT.BASE);
        assertThat(explained()).doesNotContain("_provider_");
        cli("sandbox", "provider", "attach", "agent", "work");
        assertThat(cli("policy", "get", "agent", "--full")).doesNotContain("_provider_");

        cli("settings", "set", "--global", "--key", "providers_v2_enabled", "--value", "true", "--yes");
        told("rules of attached providers in force", 1);
        assertThat(explained()).contains("nearest rule: _provider_work");
        assertThat(cli("policy", "get", "agent", "--full")).contains("_provider_work", "git-upload-pack");
        assertThat(cli("policy", "get", "agent", "--base")).doesNotContain("_provider_");
        assertThat(cli("policy", "get", "agent")).doesNotContain("_provider_");
        assertThat(gateway.cli("policy", "update", "agent", "--rule-name", "_provider_work", "--remove-binary", "/usr/bin/gh")
                .exitCode()).isNotZero();

        cli("sandbox", "provider", "detach", "agent", "work");
        told("no rules of providers in force any more", 1);
        assertThat(explained()).doesNotContain("_provider_");
        cli("sandbox", "provider", "attach", "agent", "work");
        told("rules of attached providers in force", 2);
        cli("settings", "delete", "--global", "--key", "providers_v2_enabled", "--yes");
        told("no rules of providers in force any more", 2);
    }
}
