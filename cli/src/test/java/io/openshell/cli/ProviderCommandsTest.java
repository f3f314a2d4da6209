package io.openshell.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.InvalidProtocolBufferException;
import io.openshell.cli.CliRun.Outcome;
import io.openshell.cli.StandInGateway.Reply;
import io.openshell.wire.datamodel.v1.ObjectMeta;
import io.openshell.wire.datamodel.v1.Provider;
import io.openshell.wire.sandbox.v1.NetworkBinary;
import io.openshell.wire.sandbox.v1.NetworkEndpoint;
import io.openshell.wire.v1.CreateProviderRequest;
import io.openshell.wire.v1.DeleteProviderResponse;
import io.openshell.wire.v1.ListProvidersResponse;
import io.openshell.wire.v1.ProviderProfile;
import io.openshell.wire.v1.ProviderProfileCategory;
import io.openshell.wire.v1.ProviderProfileCredential;
import io.openshell.wire.v1.ProviderProfileResponse;
import io.openshell.wire.v1.ProviderResponse;
import io.openshell.wire.v1.UpdateProviderRequest;
import java.io.IOException;
import java.net.UnixDomainSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ProviderCommandsTest {
    private static final Provider WORK = Provider.newBuilder()
            .setMetadata(ObjectMeta.newBuilder().setId("p1").setName("work").setWorkspace("default").setResourceVersion(3))
            .setType("github").putCredentials("GITHUB_TOKEN", "REDACTED").putConfig("REGION", "eu-1").build();

    @TempDir
    Path folder;

    private CliRun cli;
    private StandInGateway gateway;
    private final AtomicReference<CreateProviderRequest> created = new AtomicReference<>();
    private final AtomicReference<UpdateProviderRequest> updated = new AtomicReference<>();

    @BeforeEach
    void prepare() throws IOException {
        cli = new CliRun(folder);
        Files.createDirectories(cli.socket().getParent());
        gateway = new StandInGateway(UnixDomainSocketAddress.of(cli.socket()));
        gateway.on("CreateProvider", request -> {
            created.set(read(request, CreateProviderRequest.parser()));
            return Reply.of(ProviderResponse.newBuilder().setProvider(WORK).build());
        });
        gateway.on("UpdateProvider", request -> {
            updated.set(read(request, UpdateProviderRequest.parser()));
            return Reply.of(ProviderResponse.newBuilder().setProvider(WORK).build());
        });
        gateway.on("GetProvider", Reply.of(ProviderResponse.newBuilder().setProvider(WORK).build()));
        gateway.on("ListProviders", Reply.of(ListProvidersResponse.newBuilder().addProviders(WORK).build()));
        gateway.on("GetProviderProfile", Reply.of(ProviderProfileResponse.newBuilder().setProfile(ProviderProfile.newBuilder()
                .setId("github").addCredentials(ProviderProfileCredential.newBuilder()
                        .addEnvVars("GITHUB_TOKEN").addEnvVars("GH_TOKEN"))).build()));
    }

    private static <M> M read(byte[] bytes, com.google.protobuf.Parser<M> parser) {
        try {
            return parser.parseFrom(bytes);
        } catch (InvalidProtocolBufferException e) {
            throw new AssertionError(e);
        }
    }

    @AfterEach
    void stop() throws IOException {
        gateway.close();
    }

    @Test
    void secretsComeFromTheEnvironmentOrStandardInput() {
        Outcome outcome = cli.with("GITHUB_TOKEN", "planted").typing("typed\n").run("provider", "create", "--name", "work", "--type",
                "github", "--credential", "GITHUB_TOKEN", "--credential-stdin", "OTHER", "--config", "REGION=eu-1",
                "--credential-expires-at", "OTHER=2026-12-31T00:00:00Z");
        assertThat(outcome.exitCode()).isZero();
        assertThat(outcome.out()).contains("work").doesNotContain("planted", "typed");
        assertThat(created.get().getProvider().getCredentialsMap()).containsEntry("GITHUB_TOKEN", "planted").containsEntry("OTHER", "typed");
        assertThat(created.get().getProvider().getCredentialExpiresAtMsMap()).containsEntry("OTHER", 1798675200000L);
    }

    @Test
    void aSecretOnTheCommandLineIsRefusedAndNotRepeated() {
        Outcome outcome = cli.run("provider", "create", "--name", "work", "--type", "github", "--credential", "GITHUB_TOKEN=planted");
        assertThat(outcome.exitCode()).isEqualTo(2);
        assertThat(outcome.err()).contains("GITHUB_TOKEN").doesNotContain("planted");
        assertThat(cli.run("provider", "create", "--name", "work", "--type", "github").exitCode()).as("none named").isEqualTo(2);
        assertThat(cli.run("provider", "create", "--name", "work", "--type", "github", "--credential", "GITHUB_TOKEN").exitCode())
                .as("not set").isEqualTo(1);
        assertThat(created.get()).isNull();
    }

    @Test
    void fromExistingTakesWhatTheTypeUsuallyHas() {
        assertThat(cli.run("provider", "create", "--name", "work", "--type", "gh", "--from-existing").err()).contains("GH_TOKEN");
        assertThat(cli.with("GH_TOKEN", "planted").run("provider", "create", "--name", "work", "--type", "gh", "--from-existing")
                .exitCode()).isZero();
        assertThat(created.get().getProvider().getCredentialsMap()).containsOnlyKeys("GH_TOKEN");
    }

    @Test
    void anUpdateNamesWhatChangesAndAnEmptyValueTakesAway() {
        assertThat(cli.with("A", "new").run("provider", "update", "work", "--credential", "A", "--credential", "B=").exitCode()).isZero();
        assertThat(updated.get().getProvider().getCredentialsMap()).containsEntry("A", "new").containsEntry("B", "");
        assertThat(cli.run("provider", "update", "work").exitCode()).isEqualTo(2);
    }

    @Test
    void answersShowNamesAndNoValue() {
        assertThat(cli.run("provider", "get", "work").out()).contains("github", "GITHUB_TOKEN", "REGION").doesNotContain("eu-1");
        assertThat(cli.run("provider", "list").out()).contains("CREDENTIAL_KEYS", "work");
        assertThat(cli.run("provider", "list", "-o", "json").out()).contains("\"credential_keys\"").doesNotContain("eu-1");
        assertThat(cli.run("provider", "list", "--names").out()).isEqualTo("work\n");
    }

    @Test
    void aTypeIsPrintedWithTheRuleItContributes() {
        gateway.on("GetProviderProfile", Reply.of(ProviderProfileResponse.newBuilder().setProfile(ProviderProfile.newBuilder()
                .setId("github").setCategory(ProviderProfileCategory.PROVIDER_PROFILE_CATEGORY_SOURCE_CONTROL)
                .addCredentials(ProviderProfileCredential.newBuilder().setName("api_key").addEnvVars("GH_TOKEN").setRequired(true))
                .addEndpoints(NetworkEndpoint.newBuilder().setHost("api.github.com").addPorts(443).setProtocol("rest").setAccess("read-only"))
                .addBinaries(NetworkBinary.newBuilder().setPath("/usr/bin/gh"))).build()));
        assertThat(cli.run("provider", "profile", "export", "github").out())
                .contains("id: github", "category: source_control", "GH_TOKEN", "host: api.github.com", "access: read-only", "/usr/bin/gh");
        assertThat(cli.run("provider", "profile", "export", "github", "-o", "table").out()).contains("api.github.com:443");
    }

    @Test
    void aListHasAtLeastOneRowAndSkipsNoFewerThanNone() {
        assertThat(cli.run("provider", "list", "--limit", "1").exitCode()).isZero();
        assertThat(cli.run("provider", "list", "--limit", "0").exitCode()).isEqualTo(2);
        assertThat(cli.run("provider", "list", "--offset", "-1").err()).contains("--offset is at least 0");
    }

    @Test
    void deletingSaysWhatBecameOfEach() {
        gateway.on("DeleteProvider", Reply.of(DeleteProviderResponse.newBuilder().setDeleted(true).build()));
        assertThat(cli.run("provider", "delete", "work").out()).contains("Deleted provider work");
        gateway.on("DeleteProvider", Reply.refusal(9, "provider 'work' is attached to agent; detach it first"));
        Outcome refused = cli.run("provider", "delete", "work");
        assertThat(refused.exitCode()).isEqualTo(1);
        assertThat(refused.out()).contains("attached to agent");
    }
}
