package io.openshell.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.InvalidProtocolBufferException;
import io.openshell.cli.CliRun.Outcome;
import io.openshell.cli.StandInGateway.Reply;
import io.openshell.wire.v1.GetSandboxPolicyStatusRequest;
import io.openshell.wire.v1.GetSandboxPolicyStatusResponse;
import io.openshell.wire.v1.PolicyStatus;
import io.openshell.wire.v1.SandboxPolicyRevision;
import io.openshell.wire.v1.UpdateConfigResponse;
import java.io.IOException;
import java.net.UnixDomainSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The numbered cases about waiting for a sandbox to enforce a policy: what is said and the exit status. */
class ConformanceWaitTest {
    @TempDir
    Path folder;

    private CliRun cli;
    private StandInGateway gateway;
    private final AtomicInteger asked = new AtomicInteger();
    private volatile PolicyStatus end = PolicyStatus.POLICY_STATUS_LOADED;
    private volatile int answered = 3;

    @BeforeEach
    void prepare() throws IOException {
        cli = new CliRun(folder);
        Files.createDirectories(cli.socket().getParent());
        gateway = new StandInGateway(UnixDomainSocketAddress.of(cli.socket()));
        gateway.on("GetSandboxPolicyStatus", this::status).on("UpdateConfig", request -> Reply.of(
                UpdateConfigResponse.newBuilder().setVersion(answered).setPolicyHash("abcdefabcdefabcdef").build()));
        Files.writeString(folder.resolve("p.yaml"), "version: 1\n");
    }

    @AfterEach
    void stop() throws IOException {
        gateway.close();
    }

    /** The newest is version 2; version 3 is pending at first and then ends. */
    private Reply status(byte[] request) {
        try {
            int version = GetSandboxPolicyStatusRequest.parseFrom(request).getVersion();
            var status = version == 3 && asked.incrementAndGet() < 2 ? PolicyStatus.POLICY_STATUS_PENDING : end;
            return Reply.of(GetSandboxPolicyStatusResponse.newBuilder().setActiveVersion(2).setRevision(SandboxPolicyRevision.newBuilder()
                    .setVersion(version == 0 ? 2 : version).setPolicyHash("abc").setStatus(status)
                    .setLoadError(status == PolicyStatus.POLICY_STATUS_FAILED ? "it does not load" : "")).build());
        } catch (InvalidProtocolBufferException e) {
            throw new IllegalStateException(e);
        }
    }

    private Outcome set(String... more) {
        var words = new ArrayList<>(List.of("policy", "set", "demo", "--policy", folder.resolve("p.yaml").toString(), "--wait"));
        words.addAll(List.of(more));
        return cli.run(words.toArray(String[]::new));
    }

    @Test
    void case161ALoadedVersionIsASuccess() {
        Outcome outcome = set();

        assertThat(outcome.exitCode()).as(outcome.err()).isZero();
        assertThat(outcome.err()).contains("Policy version 3 submitted", "Policy version 3 loaded");
        assertThat(asked.get()).as("it was pending first").isGreaterThan(1);
    }

    @Test
    void case162TheSamePolicyIsNoNewVersionAndASuccess() {
        answered = 2;

        Outcome outcome = set();

        assertThat(outcome.exitCode()).as(outcome.err()).isZero();
        assertThat(outcome.err()).contains("Policy unchanged (version 2");
    }

    @Test
    void case163AVersionTheSandboxRefusesIsAFailure() {
        end = PolicyStatus.POLICY_STATUS_FAILED;

        Outcome outcome = set();

        assertThat(outcome.exitCode()).isEqualTo(1);
        assertThat(outcome.err()).contains("refused policy version 3", "it does not load");
    }

    @Test
    void case164NoWordInTimeIsAStatusOfItsOwn() {
        end = PolicyStatus.POLICY_STATUS_PENDING;

        Outcome outcome = set("--timeout", "1");

        assertThat(outcome.exitCode()).isEqualTo(124);
        assertThat(outcome.err()).contains("was not loaded within 1 s");
    }

    @Test
    void case165AVersionThatWasSupersededIsASuccessWithAWarning() {
        end = PolicyStatus.POLICY_STATUS_SUPERSEDED;

        Outcome outcome = set();

        assertThat(outcome.exitCode()).as(outcome.err()).isZero();
        assertThat(outcome.err()).contains("! Policy version 3 was superseded");
    }
}
