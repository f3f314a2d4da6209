package io.openshell.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.InvalidProtocolBufferException;
import io.openshell.cli.CliRun.Outcome;
import io.openshell.cli.StandInGateway.Reply;
import io.openshell.wire.control.v1.GlobalPolicyReach;
import io.openshell.wire.policy.PolicyCodec;
import io.openshell.wire.policy.PolicyParseException;
import io.openshell.wire.policy.PolicyYaml;
import io.openshell.wire.sandbox.v1.GetSandboxConfigResponse;
import io.openshell.wire.sandbox.v1.PolicySource;
import io.openshell.wire.v1.GetSandboxPolicyStatusRequest;
import io.openshell.wire.v1.GetSandboxPolicyStatusResponse;
import io.openshell.wire.v1.ListSandboxPoliciesRequest;
import io.openshell.wire.v1.ListSandboxPoliciesResponse;
import io.openshell.wire.v1.PolicyStatus;
import io.openshell.wire.v1.SandboxPolicyRevision;
import io.openshell.wire.v1.SandboxResponse;
import io.openshell.wire.v1.UpdateConfigRequest;
import io.openshell.wire.v1.UpdateConfigResponse;
import java.io.IOException;
import java.net.UnixDomainSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What the command line says and sends about the global policy. */
class GlobalPolicyCommandsTest {
    private static final String WEB = """
            version: 1
            network_policies:
              web:
                endpoints: [{ host: a.example.com, port: 80 }]
                binaries: [{ path: /usr/bin/curl }]
            """;

    @TempDir
    Path folder;

    private CliRun cli;
    private StandInGateway gateway;
    private String file = "";
    private final AtomicReference<UpdateConfigRequest> sent = new AtomicReference<>(UpdateConfigRequest.getDefaultInstance());
    private volatile GlobalPolicyReach reach = GlobalPolicyReach.newBuilder().setVersion(2).setLoaded(3).build();
    private volatile boolean present = true;

    @BeforeEach
    void prepare() throws IOException {
        cli = new CliRun(folder);
        Files.createDirectories(cli.socket().getParent());
        gateway = new StandInGateway(UnixDomainSocketAddress.of(cli.socket()));
        gateway.on("UpdateConfig", this::update).on("GetGlobalPolicyReach", request -> Reply.of(reach))
                .on("GetSandboxPolicyStatus", GlobalPolicyCommandsTest::status).on("ListSandboxPolicies", GlobalPolicyCommandsTest::list);
        file = Files.writeString(folder.resolve("p.yaml"), WEB).toString();
    }

    @AfterEach
    void stop() throws IOException {
        gateway.close();
    }

    private Reply update(byte[] request) {
        try {
            sent.set(UpdateConfigRequest.parseFrom(request));
            return Reply.of(UpdateConfigResponse.newBuilder().setVersion(2).setPolicyHash("abcdefabcdef").setDeleted(present).build());
        } catch (InvalidProtocolBufferException e) {
            throw new IllegalStateException(e);
        }
    }

    private static Reply status(byte[] request) {
        try {
            boolean global = GetSandboxPolicyStatusRequest.parseFrom(request).getGlobal();
            return Reply.of(GetSandboxPolicyStatusResponse.newBuilder().setActiveVersion(global ? 2 : 5).setRevision(
                    SandboxPolicyRevision.newBuilder().setVersion(global ? 2 : 5).setPolicyHash("abc")
                            .setStatus(PolicyStatus.POLICY_STATUS_LOADED)
                            .setPolicy(PolicyCodec.encode(PolicyYaml.parse(global ? WEB : "version: 1\n")))).build());
        } catch (InvalidProtocolBufferException | PolicyParseException e) {
            throw new IllegalStateException(e);
        }
    }

    private static Reply list(byte[] request) {
        try {
            boolean global = ListSandboxPoliciesRequest.parseFrom(request).getGlobal();
            return Reply.of(ListSandboxPoliciesResponse.newBuilder().addRevisions(SandboxPolicyRevision.newBuilder()
                    .setVersion(global ? 77 : 1).setPolicyHash("abc").setStatus(PolicyStatus.POLICY_STATUS_LOADED)).build());
        } catch (InvalidProtocolBufferException e) {
            throw new IllegalStateException(e);
        }
    }

    @Test
    void settingSendsThePolicyForEverySandbox() {
        Outcome outcome = cli.run("policy", "set", "--global", "--policy", file, "--yes");

        assertThat(outcome.exitCode()).as(outcome.err()).isZero();
        assertThat(sent.get().getGlobal()).isTrue();
        assertThat(sent.get().getName()).isEmpty();
        assertThat(sent.get().getPolicy().getNetworkPoliciesMap()).containsOnlyKeys("web");
    }

    @Test
    void nothingIsSentWithoutAYesWhereNobodyCanBeAsked() {
        assertThat(cli.run("policy", "set", "--global", "--policy", file).exitCode()).isEqualTo(ExitCodes.USAGE);
        assertThat(cli.run("policy", "delete", "--global").exitCode()).isEqualTo(ExitCodes.USAGE);
        assertThat(sent.get()).isEqualTo(UpdateConfigRequest.getDefaultInstance());
    }

    @Test
    void aSandboxAndAllSandboxesExcludeEachOther() {
        for (String verb : new String[] {"set", "get", "list"}) {
            var words = verb.equals("set")
                    ? new String[] {"policy", "set", "demo", "--global", "--policy", file, "--yes"}
                    : new String[] {"policy", verb, "demo", "--global"};
            assertThat(cli.run(words)).satisfies(outcome -> {
                assertThat(outcome.exitCode()).as(verb).isEqualTo(ExitCodes.USAGE);
                assertThat(outcome.err()).contains("exclude each other");
            });
        }
        assertThat(sent.get()).isEqualTo(UpdateConfigRequest.getDefaultInstance());
    }

    @Test
    void sectionsThatAreNotAppliedAreNamed() throws IOException {
        var sealed = Files.writeString(folder.resolve("s.yaml"), WEB + "filesystem_policy: { read_only: [/usr] }\n").toString();

        assertThat(cli.run("policy", "set", "--global", "--policy", sealed, "--yes").err()).contains("are not applied");
    }

    @Test
    void case170WaitingEndsWhenEverySandboxEnforcesIt() {
        Outcome outcome = cli.run("policy", "set", "--global", "--policy", file, "--yes", "--wait");

        assertThat(outcome.exitCode()).as(outcome.err()).isZero();
        assertThat(outcome.err()).contains("In force in all 3 running sandboxes");
    }

    @Test
    void waitingInVainNamesTheSandboxesAndHasAStatusOfItsOwn() {
        reach = GlobalPolicyReach.newBuilder().setVersion(2).setLoaded(1).setNotLoaded(1).addWaiting("slow").build();

        Outcome outcome = cli.run("policy", "set", "--global", "--policy", file, "--yes", "--wait", "--timeout", "1");

        assertThat(outcome.exitCode()).isEqualTo(ExitCodes.TIMEOUT);
        assertThat(outcome.err()).contains("slow");
    }

    @Test
    void aNewerChangeEndsTheWaitingWithAWarning() {
        reach = GlobalPolicyReach.newBuilder().setVersion(3).build();

        Outcome outcome = cli.run("policy", "set", "--global", "--policy", file, "--yes", "--wait");

        assertThat(outcome.exitCode()).isZero();
        assertThat(outcome.err()).contains("superseded by a newer change");
    }

    @Test
    void deletingSaysWhetherThereWasOne() {
        assertThat(cli.run("policy", "delete", "--global", "--yes").err()).contains("Global policy deleted");
        assertThat(sent.get().getDeleteSetting()).isTrue();
        assertThat(sent.get().getSettingKey()).isEqualTo("policy");
        present = false;
        assertThat(cli.run("policy", "delete", "--global", "--yes").err()).contains("There is no global policy");
    }

    @Test
    void itsRevisionsAreReadLikeThoseOfASandbox() {
        assertThat(cli.run("policy", "get", "--global").out()).contains("Version: 2", "a.example.com");
        assertThat(cli.run("policy", "get", "--global", "-o", "json").out()).contains("\"scope\": \"global\"");
        assertThat(cli.run("policy", "list", "--global").out()).contains("77");
    }

    @Test
    void aSandboxesFullPolicyIsTheOneThatDecides() throws PolicyParseException {
        gateway.on("GetSandbox", Reply.of(SandboxResponse.getDefaultInstance()));
        gateway.on("GetSandboxConfig", Reply.of(GetSandboxConfigResponse.newBuilder()
                .setPolicySource(PolicySource.POLICY_SOURCE_SANDBOX).build()));
        assertThat(cli.run("policy", "get", "demo", "--full").out()).contains("Version: 5").doesNotContain("Source");

        gateway.on("GetSandboxConfig", Reply.of(GetSandboxConfigResponse.newBuilder().setPolicySource(PolicySource.POLICY_SOURCE_GLOBAL)
                .setGlobalPolicyVersion(2).setVersion(2).setPolicyHash("abc").setPolicy(PolicyCodec.encode(PolicyYaml.parse(WEB))).build()));
        assertThat(cli.run("policy", "get", "demo", "--full").out()).contains("Source: global", "Version: 2", "a.example.com");
        assertThat(cli.run("policy", "get", "demo", "--full", "-o", "json").out()).contains("\"source\": \"global\"");
        assertThat(cli.run("policy", "get", "demo").out()).as("its own").contains("Version: 5").doesNotContain("a.example.com");
    }
}
