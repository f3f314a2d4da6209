package io.openshell.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.InvalidProtocolBufferException;
import io.openshell.cli.CliRun.Outcome;
import io.openshell.cli.StandInGateway.Reply;
import io.openshell.model.policy.NetworkBinary;
import io.openshell.model.policy.NetworkEndpoint;
import io.openshell.model.policy.NetworkRule;
import io.openshell.model.policy.PolicyDocument;
import io.openshell.model.policy.PolicyHash;
import io.openshell.model.policy.merge.MergeOperation;
import io.openshell.wire.control.v1.Explanation;
import io.openshell.wire.control.v1.RecordedRequest;
import io.openshell.wire.control.v1.VerdictFlip;
import io.openshell.wire.control.v1.WhatIfRequest;
import io.openshell.wire.control.v1.WhatIfResponse;
import io.openshell.wire.datamodel.v1.ObjectMeta;
import io.openshell.wire.policy.MergeCodec;
import io.openshell.wire.policy.PolicyCodec;
import io.openshell.wire.policy.PolicyParseException;
import io.openshell.wire.policy.PolicyYaml;
import io.openshell.wire.v1.AddNetworkRule;
import io.openshell.wire.v1.GetSandboxPolicyStatusRequest;
import io.openshell.wire.v1.GetSandboxPolicyStatusResponse;
import io.openshell.wire.v1.ListSandboxesResponse;
import io.openshell.wire.v1.PolicyMergeOperation;
import io.openshell.wire.v1.Sandbox;
import io.openshell.wire.v1.SandboxPolicyRevision;
import io.openshell.wire.v1.UpdateConfigRequest;
import io.openshell.wire.v1.UpdateConfigResponse;
import java.io.IOException;
import java.net.UnixDomainSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class PolicyCommandsTest {
    private static final String WEB = """
            version: 1
            network_policies:
              web:
                endpoints: [{ host: a.example.com, port: 80, protocol: rest, enforcement: enforce, access: read-only }]
                binaries: [{ path: /usr/bin/curl }]
            """;

    @TempDir
    Path folder;

    private CliRun cli;
    private StandInGateway gateway;
    private final AtomicReference<UpdateConfigRequest> sent = new AtomicReference<>(UpdateConfigRequest.getDefaultInstance());

    @BeforeEach
    void prepare() throws IOException {
        cli = new CliRun(folder);
        Files.createDirectories(cli.socket().getParent());
        gateway = new StandInGateway(UnixDomainSocketAddress.of(cli.socket()));
        gateway.on("GetSandboxPolicyStatus", PolicyCommandsTest::status).on("UpdateConfig", this::update);
    }

    @AfterEach
    void stop() throws IOException {
        gateway.close();
    }

    private static Reply status(byte[] request) {
        try {
            int version = GetSandboxPolicyStatusRequest.parseFrom(request).getVersion();
            PolicyDocument policy = version == 1 ? PolicyDocument.empty() : PolicyYaml.parse(WEB);
            return Reply.of(GetSandboxPolicyStatusResponse.newBuilder().setActiveVersion(2).setRevision(
                    SandboxPolicyRevision.newBuilder().setVersion(version == 0 ? 2 : version)
                            .setPolicyHash(PolicyHash.of(policy)).setPolicy(PolicyCodec.encode(policy))).build());
        } catch (InvalidProtocolBufferException | PolicyParseException e) {
            throw new IllegalStateException(e);
        }
    }

    private Reply update(byte[] request) {
        try {
            sent.set(UpdateConfigRequest.parseFrom(request));
            return Reply.of(UpdateConfigResponse.newBuilder().setVersion(3).setPolicyHash("abcdefabcdefabcdef").build());
        } catch (InvalidProtocolBufferException e) {
            throw new IllegalStateException(e);
        }
    }

    @Test
    void updateSendsItsOperationsInOneCall() {
        Outcome outcome = cli.run("policy", "update", "demo", "--add-endpoint", "b.example.com:443:read-only:rest:enforce",
                "--binary", "/usr/bin/git", "--remove-endpoint", "a.example.com:80");
        assertThat(outcome.exitCode()).as(outcome.err()).isZero();
        assertThat(outcome.err()).contains("Policy version 3 submitted (hash: abcdefabcdef)");
        assertThat(sent.get().getMergeOperationsList()).extracting(PolicyMergeOperation::getOperationCase).containsExactly(
                PolicyMergeOperation.OperationCase.REMOVE_ENDPOINT, PolicyMergeOperation.OperationCase.ADD_RULE);
        AddNetworkRule added = sent.get().getMergeOperations(1).getAddRule();
        assertThat(added.getRuleName()).isEqualTo("allow_b_example_com_443");
        assertThat(added.getRule().getEndpoints(0).getAccess()).isEqualTo("read-only");
        assertThat(added.getRule().getBinaries(0).getPath()).isEqualTo("/usr/bin/git");
    }

    @Test
    void aDryRunPrintsTheResultAndSendsNoChange() {
        Outcome outcome = cli.run("policy", "update", "demo", "--add-allow", "a.example.com:80:post:/x", "--dry-run");
        assertThat(outcome.exitCode()).as(outcome.err()).isZero();
        assertThat(outcome.out()).contains("POST").contains("/x");
        assertThat(gateway.calls()).contains("GetSandboxPolicyStatus").doesNotContain("UpdateConfig");
        assertThat(cli.run("policy", "update", "demo", "--add-allow", "a.example.com:80:post:/x", "--dry-run", "--wait")
                .exitCode()).isEqualTo(2);
    }

    @ParameterizedTest
    @ValueSource(strings = {"a.example.com", "a.example.com:0", "a.example.com:65536", ":80", "a:80:all:rest", "a:80:full:gopher",
            "a:80:full", "a:80:full:rest:strict", "a:80:full:rest:enforce:nonsense", "::1:80"})
    void endpointsThatMakeNoSenseAreRefusedBeforeAnyCall(String spec) {
        assertThat(cli.run("policy", "update", "demo", "--add-endpoint", "[2001:db8::1]:80:full:rest:enforce:allowed-ip=fd12::/16",
                "--dry-run").exitCode()).isZero();
        int before = gateway.calls().size();
        assertThat(cli.run("policy", "update", "demo", "--add-endpoint", spec).exitCode()).isEqualTo(2);
        assertThat(gateway.calls()).hasSize(before);
    }

    @ParameterizedTest
    @ValueSource(strings = {"a.example.com:80:GET", "a.example.com:80:GET:x", "a.example.com:80", "a.example.com:80::/x"})
    void requestsThatMakeNoSenseAreRefused(String spec) {
        assertThat(cli.run("policy", "update", "demo", "--add-deny", spec).exitCode()).isEqualTo(2);
        assertThat(cli.run("policy", "update", "demo").exitCode()).isEqualTo(2);
    }

    @Test
    void rollbackStoresTheOldContentAgain() {
        assertThat(cli.run("policy", "rollback", "demo", "--rev", "1").exitCode()).isZero();
        assertThat(PolicyCodec.decode(sent.get().getPolicy())).isEqualTo(PolicyDocument.empty());
        assertThat(sent.get().getAnnotationsMap()).containsEntry("rollback_of", "1");
        int before = gateway.calls().size();
        assertThat(cli.run("policy", "rollback", "demo", "--rev", "2").err()).contains("Policy unchanged");
        assertThat(gateway.calls().subList(before, gateway.calls().size())).doesNotContain("UpdateConfig");
        assertThat(cli.run("policy", "rollback", "demo", "--rev", "0").exitCode()).isEqualTo(2);
    }

    @ParameterizedTest
    @CsvSource({"GET http://a.example.com/x,/usr/bin/curl,0,allowed", "POST http://a.example.com/x,/usr/bin/curl,3,denied",
            "GET http://a.example.com/x,/usr/bin/wget,3,denied", "GET https://a.example.com/x,/usr/bin/curl,3,denied",
            "CONNECT a.example.com:80,/usr/bin/curl,0,allowed", "GET ftp://a.example.com/x,/usr/bin/curl,2,''", "GET,/x,2,''"})
    void checkNeedsNoGateway(String request, String binary, int exitCode, String word) throws IOException {
        gateway.close();
        Path file = Files.writeString(folder.resolve("p.yaml"), WEB);
        Outcome outcome = cli.run("policy", "check", file.toString(), "--request", request, "--binary", binary);
        assertThat(outcome.exitCode()).as(outcome.err()).isEqualTo(exitCode);
        assertThat(outcome.out()).contains(word);
        Files.writeString(file, "version: 7\n");
        assertThat(cli.run("policy", "check", file.toString(), "--request", "GET http://a/", "--binary", "/x").exitCode()).isEqualTo(1);
    }

    @Test
    void whatIfExitsThreeOnlyForNewRefusals() throws IOException {
        Path file = Files.writeString(folder.resolve("p.yaml"), WEB);
        VerdictFlip.Builder flip = VerdictFlip.newBuilder().setHost("a.example.com").setPort(80).setMethod("GET").setPath("/x").setCount(4);
        gateway.on("WhatIf", Reply.of(WhatIfResponse.newBuilder().setJudged(4).addFlips(flip).build()));
        Outcome denied = cli.run("policy", "what-if", "demo", "--policy", file.toString(), "--since", "30d");
        assertThat(denied.exitCode()).isEqualTo(3);
        assertThat(denied.out()).contains("newly denied", "4x", "GET a.example.com:80/x");
        gateway.on("WhatIf", Reply.of(WhatIfResponse.newBuilder().addFlips(flip.setNewlyAllowed(true)).build()));
        assertThat(cli.run("policy", "what-if", "demo", "--policy", file.toString()).exitCode()).isZero();
    }

    @Test
    void whatIfOfAllSandboxesNamesEachAndFailsWhenOneWouldBeRefusedSomething() throws IOException {
        Path file = Files.writeString(folder.resolve("p.yaml"), WEB);
        gateway.on("ListSandboxes", Reply.of(ListSandboxesResponse.newBuilder().addSandboxes(named("one")).addSandboxes(named("two")).build()));
        VerdictFlip.Builder flip = VerdictFlip.newBuilder().setHost("a.example.com").setPort(443).setCount(2);
        gateway.on("WhatIf", request -> Reply.of(WhatIfResponse.newBuilder().setJudged(2)
                .addFlips(flip.setNewlyAllowed(asked(request).equals("one"))).build()));
        Outcome outcome = cli.run("policy", "what-if", "--all-sandboxes", "--policy", file.toString());
        assertThat(outcome.exitCode()).as("the second sandbox would lose something").isEqualTo(3);
        assertThat(outcome.out()).contains("one  newly allowed  2x", "two  newly denied   2x");
        gateway.on("WhatIf", Reply.of(WhatIfResponse.newBuilder().addFlips(flip.setNewlyAllowed(true)).build()));
        assertThat(cli.run("policy", "what-if", "--all-sandboxes", "--policy", file.toString()).exitCode()).isZero();
        assertThat(cli.run("policy", "what-if", "one", "--all-sandboxes", "--policy", file.toString()).exitCode()).isEqualTo(2);
    }

    private static Sandbox named(String name) {
        return Sandbox.newBuilder().setMetadata(ObjectMeta.newBuilder().setName(name)).build();
    }

    private static String asked(byte[] request) {
        try {
            return WhatIfRequest.parseFrom(request).getName();
        } catch (InvalidProtocolBufferException e) {
            throw new AssertionError(e);
        }
    }

    @Test
    void explainPrintsALineThatCanBePastedAndCannotSteerTheTerminal() {
        MergeOperation operation = new MergeOperation.AddRule("allow_a_example_com_443", new NetworkRule("",
                List.of(NetworkEndpoint.plain("a.example.com", 443)), List.of(new NetworkBinary("/tmp/a'b c"))));
        gateway.on("Explain", Reply.of(Explanation.newBuilder().setSandbox("demo").setReason("no")
                .setRequest(RecordedRequest.newBuilder().setHost("a.example.com").setPort(443).setBinary("/tmp/\u001b[2J"))
                .addSuggestion(MergeCodec.encode(operation)).build()));
        Outcome outcome = cli.run("explain", "d1");
        assertThat(outcome.out())
                .contains("openshell policy update demo --add-endpoint a.example.com:443 --binary '/tmp/a'\\''b c' --wait")
                .doesNotContain("\u001b");
        assertThat(cli.run("explain", "d1", "-o", "json").out()).contains("\"decision\"").contains("to_allow_it");
    }
}
