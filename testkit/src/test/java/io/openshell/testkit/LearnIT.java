package io.openshell.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import io.openshell.wire.v1.SandboxPhase;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** A run that is learned from, and the same run under what was learned. */
class LearnIT {

    private static GatewayFixture gateway;
    private static Origin origin;
    private static Sandboxes sandboxes;

    @BeforeAll
    static void start() {
        Host.assumeSandboxes();
        Host.assumeProgram("/usr/bin/curl");
        gateway = GatewayFixture.started();
        origin = Origin.publiclyUp(gateway.scratch());
        sandboxes = new Sandboxes(gateway.client());
    }

    @AfterAll
    static void end() {
        if (origin != null) {
            origin.close();
        }
        if (gateway != null) {
            gateway.close();
        }
    }

    private static List<String> run(String sandbox) {
        return List.of(curl(sandbox, "/read"), curl(sandbox, "/read/12345"), curl(sandbox, "/x/../read"));
    }

    private static String curl(String sandbox, String path) {
        return sandboxes.exec(sandbox, "curl", "-sS", "-m", "20", "--path-as-is", origin.url(path)).out();
    }

    @Test
    void whatWasLearnedPassesTheSameRunEnforcedAndNothingElse() throws IOException {
        Outcome created = gateway.cli("sandbox", "create", "--name", "learner", "--learn", "--detach", "--", "sleep", "600");
        assertThat(created.exitCode()).as(created.err()).isZero();
        sandboxes.await("learner", SandboxPhase.SANDBOX_PHASE_READY);
        List<String> learned = run("learner");
        assertThat(learned).allMatch(answer -> answer.startsWith("GET /"));

        Outcome policy = gateway.cli("policy", "learned", "learner");
        assertThat(policy.out()).as(policy.err()).contains(origin.host()).doesNotContain("_learn");
        Path file = Files.writeString(gateway.scratch().resolve("learned.yaml"), policy.out());
        Outcome set = gateway.cli("policy", "set", "learner", "--policy", file.toString(), "--wait");
        assertThat(set.exitCode()).as(set.err()).isZero();

        assertThat(run("learner")).as("the same run, enforced").isEqualTo(learned);
        assertThat(curl("learner", "/other")).contains("policy_denied");
        assertThat(gateway.cli("policy", "what-if", "learner", "--policy", file.toString()).exitCode()).as("but for that one").isZero();
    }
}
