package io.openshell.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import io.openshell.wire.v1.SandboxLogLine;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/** A policy on its way from a user to a running curl, against a real host. */
class EgressIT extends OriginCase {

    static final String BASE = """
            version: 1
            filesystem_policy:
              include_workdir: true
              read_only: [/usr, /lib, /etc, /proc, /dev/urandom]
              read_write: [/sandbox, /tmp, /dev/null]
            """;

    private static String allowing(String binary) {
        return allowing(origin, binary);
    }

    /** A policy under which this program, and no other, may talk to the host. */
    static String allowing(Origin origin, String binary) {
        return BASE + """
                network_policies:
                  origin:
                    endpoints: [{ host: %s, port: %d }]
                    binaries: [{ path: %s }]
                """.formatted(origin.host(), origin.port(), binary);
    }

    private static Outcome curl(String path) {
        return sandboxes.exec("caller", "curl", "-sS", "-m", "10", origin.url(path));
    }

    @Test
    void case161APolicyTakesEffectInARunningSandboxAndEveryVerdictIsLogged() {
        sandboxes.ready("caller", "sleep", "600");
        String instance = sandboxes.get("caller").getStatus().getMainProcessInstanceId();

        sandboxes.setPolicy("caller", allowing("/usr/bin/curl"));
        assertThat(curl("/allowed").out()).isEqualTo("GET /allowed\n");

        sandboxes.setPolicy("caller", allowing("/usr/bin/wget"));
        assertThat(curl("/denied").out()).contains("policy_denied").doesNotContain("GET /denied");

        sandboxes.setPolicy("caller", allowing("/usr/bin/curl"));
        assertThat(curl("/again").out()).isEqualTo("GET /again\n");

        assertThat(sandboxes.get("caller").getStatus().getMainProcessInstanceId()).as("never restarted").isEqualTo(instance);
        requireVerdict("ALLOWED", "/allowed");
        requireVerdict("DENIED", "/denied");
    }

    private static void requireVerdict(String verdict, String path) {
        Await.until("a line that says " + verdict, Duration.ofSeconds(10),
                () -> sandboxes.logs("caller").stream().map(SandboxLogLine::getMessage).anyMatch(
                        line -> line.contains(verdict) && line.contains("/usr/bin/curl") && line.contains(origin.host())
                                && line.contains(path)),
                () -> sandboxes.logs("caller").toString());
    }
}
