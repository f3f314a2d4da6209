package io.openshell.gateway.provider;

import static org.assertj.core.api.Assertions.assertThat;

import io.openshell.gateway.TestGateway;
import io.openshell.gateway.TestGateway.Answer;
import io.openshell.gateway.auth.Caller;
import io.openshell.model.CommandEnvelope;
import io.openshell.model.provider.ProviderState;
import io.openshell.wire.datamodel.v1.CredentialHandle;
import io.openshell.wire.datamodel.v1.ObjectMeta;
import io.openshell.wire.datamodel.v1.Provider;
import io.openshell.wire.events.CommandCodec;
import io.openshell.wire.inference.v1.GetInferenceBundleRequest;
import io.openshell.wire.inference.v1.InferenceGrpcClient;
import io.openshell.wire.v1.AttachSandboxProviderRequest;
import io.openshell.wire.v1.CreateProviderRequest;
import io.openshell.wire.v1.CreateSandboxRequest;
import io.openshell.wire.v1.DeleteProviderRequest;
import io.openshell.wire.v1.DetachSandboxProviderRequest;
import io.openshell.wire.v1.GetProviderProfileRequest;
import io.openshell.wire.v1.GetProviderRequest;
import io.openshell.wire.v1.GetSandboxProviderEnvironmentRequest;
import io.openshell.wire.v1.GetSandboxRequest;
import io.openshell.wire.v1.ListProvidersRequest;
import io.openshell.wire.v1.ListSandboxProvidersRequest;
import io.openshell.wire.v1.OpenShellGrpcClient;
import io.openshell.wire.v1.ProviderResponse;
import io.openshell.wire.v1.SandboxSpec;
import io.openshell.wire.v1.UpdateProviderRequest;
import io.vertx.grpc.common.GrpcStatus;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.SortedMap;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ProviderEndpointTest {
    private static final String SECRET = "planted-9c1e";

    @TempDir
    Path folder;

    private TestGateway gateway;

    @BeforeEach
    void start() {
        gateway = new TestGateway(folder, Duration.ofSeconds(10));
    }

    @AfterEach
    void stop() {
        gateway.close();
    }

    private static Provider.Builder provider(Map<String, String> credentials) {
        return Provider.newBuilder().setMetadata(ObjectMeta.newBuilder().setName("work")).setType("generic")
                .putAllCredentials(credentials);
    }

    private Answer<ProviderResponse> create(Provider.Builder provider) {
        return gateway.call(OpenShellGrpcClient.CreateProvider, CreateProviderRequest.newBuilder().setProvider(provider).build());
    }

    private Answer<ProviderResponse> update(Map<String, String> credentials) {
        return gateway.call(OpenShellGrpcClient.UpdateProvider, UpdateProviderRequest.newBuilder()
                .setProvider(provider(credentials)).build());
    }

    private SortedMap<String, String> secrets() {
        return gateway.vault.open(state().content().bundle()).orElseThrow();
    }

    private ProviderState.Present state() {
        return gateway.ports.providers.find("default", "work").orElseThrow().state();
    }

    @Test
    void caseD64NoUserIsGivenWhatIsForTheProxyOfASandbox() {
        create(provider(Map.of("K", SECRET)));
        var bundle = gateway.call(InferenceGrpcClient.GetInferenceBundle, GetInferenceBundleRequest.getDefaultInstance());
        var environment = gateway.call(OpenShellGrpcClient.GetSandboxProviderEnvironment,
                GetSandboxProviderEnvironmentRequest.newBuilder().setSandboxId("s1").build());
        assertThat(bundle.status()).isEqualTo(GrpcStatus.PERMISSION_DENIED);
        assertThat(environment.status()).isEqualTo(GrpcStatus.PERMISSION_DENIED);
        assertThat(bundle.message() + environment.message()).doesNotContain(SECRET);
    }

    @Test
    void aProfileHasTheRuleItContributes() {
        var github = gateway.call(OpenShellGrpcClient.GetProviderProfile,
                GetProviderProfileRequest.newBuilder().setId("gh").build()).messages().getFirst().getProfile();
        assertThat(github.getEndpointsList()).extracting(each -> each.getHost()).contains("api.github.com", "github.com");
        assertThat(github.getBinariesList()).extracting(each -> each.getPath()).contains("/usr/bin/gh", "/usr/bin/git");
    }

    @Test
    void caseD60ASecretIsInNoAnswerAndNoCommand() {
        var created = create(provider(Map.of("K", SECRET)).putConfig("REGION", "eu")).messages().getFirst().getProvider();
        assertThat(created.getCredentialsMap()).containsExactly(Map.entry("K", "REDACTED"));
        assertThat(created.getConfigMap()).containsEntry("REGION", "eu");
        var listed = gateway.call(OpenShellGrpcClient.ListProviders, ListProvidersRequest.getDefaultInstance()).messages().getFirst();
        var got = gateway.call(OpenShellGrpcClient.GetProvider, GetProviderRequest.newBuilder().setName("work").build());
        assertThat(listed.toString() + got).contains("work").doesNotContain(SECRET);
        assertThat(secrets()).containsEntry("K", SECRET);
        for (CommandEnvelope each : gateway.ports.commands) {
            assertThat(each.toString() + new String(CommandCodec.encode(each), StandardCharsets.ISO_8859_1)).doesNotContain(SECRET);
        }
    }

    @Test
    void theDigestOfARequestIsNoWayToGuessASecret() {
        create(provider(Map.of("K", "one")));
        update(Map.of("K", "two"));
        update(Map.of("K", "two"));
        var digests = gateway.ports.commands.stream().map(each -> each.context().requestDigest()).toList();
        assertThat(digests.get(1)).as("asked twice").isEqualTo(digests.get(2)).isNotEqualTo(digests.get(0));
        var caller = new Caller(gateway.ports.commands.getFirst().context().actor(),
                gateway.ports.commands.getFirst().context().commandId(), "", "", "", "g1", "");
        var plain = CreateProviderRequest.newBuilder().setProvider(provider(Map.of("K", "one"))).build().toByteArray();
        assertThat(caller.asking("CreateProvider", plain).requestDigest()).isNotEqualTo(digests.getFirst());
    }

    @Test
    void caseD62AnUpdateMergesAndLetsGoOfTheBundleBefore() {
        create(provider(Map.of("K", "1", "L", "2")));
        String first = state().content().bundle();
        update(Map.of("L", "3", "M", "4"));
        assertThat(secrets()).containsExactly(Map.entry("K", "1"), Map.entry("L", "3"), Map.entry("M", "4"));
        update(Map.of("K", ""));
        assertThat(secrets()).containsOnlyKeys("L", "M");
        assertThat(state().content().credentials()).containsOnlyKeys("L", "M");
        assertThat(gateway.vault.open(first)).isEmpty();
        assertThat(gateway.vaultLog.kept()).isEqualTo(1);
        update(Map.of());
        assertThat(state().revision()).as("nothing changed").isEqualTo(3);
    }

    @Test
    void twoUpdatesAtOnceBothTakeEffect() {
        create(provider(Map.of("K", "1")));
        gateway.ports.inBetween = () -> {
            gateway.ports.inBetween = () -> {};
            assertThat(gateway.ports.providers.find("default", "work")).isPresent();
            raise();
        };
        assertThat(update(Map.of("K", "2")).status()).isEqualTo(GrpcStatus.OK);
        assertThat(secrets()).containsEntry("K", "2");
        assertThat(state().revision()).isEqualTo(3);
        assertThat(gateway.vaultLog.kept()).isEqualTo(1);
    }

    /** What another caller does meanwhile. */
    private void raise() {
        ProviderState.Present now = state();
        gateway.ports.providers.put(new ProviderState.Present(now.provider(), now.content(), now.revision() + 1,
                now.createdAt(), now.updatedAt()), 7);
    }

    @Test
    void whatIsRefusedLeavesNoSecretBehind() {
        create(provider(Map.of("K", "1")));
        assertThat(create(provider(Map.of("K", SECRET))).status()).isEqualTo(GrpcStatus.ALREADY_EXISTS);
        assertThat(secrets()).as("the one that was there").containsEntry("K", "1");
        assertThat(gateway.vaultLog.kept()).isEqualTo(1);
        assertThat(create(provider(Map.of("X", "1")).setMetadata(ObjectMeta.newBuilder().setName("gh")).setType("github")).status())
                .as("without the credential its type needs").isEqualTo(GrpcStatus.INVALID_ARGUMENT);
        assertThat(gateway.vaultLog.kept()).isEqualTo(1);
        for (Provider.Builder bad : new Provider.Builder[] {provider(Map.of("K", "a\nb")), provider(Map.of("K", "")),
            provider(Map.of("not a key", "1")), provider(Map.of("OPENSHELL_X", "1")), provider(Map.of("K", "1")).setType(""),
            provider(Map.of("K", "1")).putCredentialHandles("K", CredentialHandle.getDefaultInstance()),
            provider(Map.of("K", "1")).setProfileWorkspace("other")}) {
            var answer = create(bad.setMetadata(ObjectMeta.newBuilder().setName("bad")));
            assertThat(answer.status()).as(answer.message()).isEqualTo(GrpcStatus.INVALID_ARGUMENT);
        }
    }

    @Test
    void deletingDestroysTheSecrets() {
        create(provider(Map.of("K", "1")));
        var delete = DeleteProviderRequest.newBuilder().setName("work").build();
        assertThat(gateway.call(OpenShellGrpcClient.DeleteProvider, delete).messages().getFirst().getDeleted()).isTrue();
        assertThat(gateway.vaultLog.kept()).isZero();
        assertThat(gateway.call(OpenShellGrpcClient.DeleteProvider, delete).messages().getFirst().getDeleted()).isFalse();
        assertThat(gateway.call(OpenShellGrpcClient.GetProvider, GetProviderRequest.newBuilder().setName("work").build()).status())
                .isEqualTo(GrpcStatus.NOT_FOUND);
    }

    @Test
    void attachingTwiceAndDetachingWhatIsNotAttachedChangesNothing() {
        create(provider(Map.of("K", "1")));
        gateway.call(OpenShellGrpcClient.CreateSandbox, CreateSandboxRequest.newBuilder().setName("demo")
                .setSpec(SandboxSpec.newBuilder().addCommand("sleep")).build());
        var attach = AttachSandboxProviderRequest.newBuilder().setSandboxName("demo").setProviderName("work").build();
        var first = gateway.call(OpenShellGrpcClient.AttachSandboxProvider, attach).messages().getFirst();
        assertThat(first.getAttached()).isTrue();
        assertThat(first.getSandbox().getSpec().getProvidersList()).containsExactly("work");
        var again = gateway.call(OpenShellGrpcClient.AttachSandboxProvider, attach).messages().getFirst();
        assertThat(again.getAttached()).isFalse();
        assertThat(again.getSandbox().getMetadata().getResourceVersion())
                .isEqualTo(first.getSandbox().getMetadata().getResourceVersion());
        assertThat(gateway.call(OpenShellGrpcClient.ListSandboxProviders, ListSandboxProvidersRequest.newBuilder()
                .setSandboxName("demo").build()).messages().getFirst().getProviders(0).getMetadata().getName()).isEqualTo("work");
        var detach = DetachSandboxProviderRequest.newBuilder().setSandboxName("demo").setProviderName("work").build();
        assertThat(gateway.call(OpenShellGrpcClient.DetachSandboxProvider, detach).messages().getFirst().getDetached()).isTrue();
        assertThat(gateway.call(OpenShellGrpcClient.DetachSandboxProvider, detach).messages().getFirst().getDetached()).isFalse();
        assertThat(gateway.call(OpenShellGrpcClient.AttachSandboxProvider, attach.toBuilder().setExpectedResourceVersion(99).build())
                .status()).isEqualTo(GrpcStatus.ABORTED);
        assertThat(gateway.call(OpenShellGrpcClient.GetSandbox, GetSandboxRequest.newBuilder().setName("demo").build())
                .messages().getFirst().getSandbox().getSpec().getProvidersList()).isEmpty();
    }
}
