package io.openshell.gateway.vault;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.openshell.gateway.FakeProviders;
import io.openshell.gateway.FakeVaultLog;
import io.openshell.gateway.grpc.StartFailed;
import io.openshell.model.inference.InferenceRoutes;
import io.openshell.model.provider.ProviderContent;
import io.openshell.model.provider.ProviderIdentity;
import io.openshell.model.provider.ProviderState;
import io.openshell.proxy.credential.CredentialSet;
import io.openshell.proxy.credential.Destination;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class VaultTest {
    private static final String NAME = "provider/default/work/b1";
    private static final Map<String, String> SECRETS = Map.of("KEY", "planted-secret");

    private final FakeVaultLog log = new FakeVaultLog();

    private static byte[] key(int fill) {
        byte[] key = new byte[32];
        key[0] = (byte) fill;
        return key;
    }

    @Test
    void theLogHoldsNoSecretAndAnotherGatewayWithTheKeyOpensIt() {
        new Vault(log, key(1)).keep(NAME, SECRETS).toCompletableFuture().join();
        assertThat(new String(log.records.get(NAME), StandardCharsets.ISO_8859_1)).doesNotContain("planted", "KEY");
        Vault same = new Vault(log, key(1));
        same.onRecords(log.all());
        assertThat(same.open(NAME)).contains(new TreeMap<>(SECRETS));
        Vault other = new Vault(log, key(2));
        other.onRecords(log.all());
        assertThat(other.open(NAME)).as("with another key").isEmpty();
    }

    @Test
    void bytesThatWereChangedOrMovedDoNotOpen() throws Exception {
        Seal seal = new Seal(key(1));
        byte[] sealed = seal.seal(NAME, SECRETS);
        assertThat(seal.open(NAME, sealed)).isEqualTo(SECRETS);
        assertThat(seal.seal(NAME, SECRETS)).as("another data key").isNotEqualTo(sealed);
        assertThatThrownBy(() -> seal.open("provider/default/work/b2", sealed)).isInstanceOf(Seal.NotOpened.class);
        for (int i = 0; i < sealed.length; i++) {
            byte[] changed = sealed.clone();
            changed[i] ^= 1;
            assertThatThrownBy(() -> seal.open(NAME, changed)).as("byte %d", i).isInstanceOf(Seal.NotOpened.class)
                    .hasMessageNotContaining("planted");
        }
        assertThatThrownBy(() -> seal.open(NAME, new byte[] {1, 2})).isInstanceOf(Seal.NotOpened.class);
    }

    @Test
    void whatIsDestroyedIsGoneHereAndInTheLog() {
        Vault vault = new Vault(log, key(1));
        vault.keep(NAME, SECRETS);
        vault.keep("provider/default/workshop/b1", SECRETS);
        vault.destroyAll(Vault.bundlesOf("default", "work"));
        assertThat(vault.open(NAME)).isEmpty();
        assertThat(log.records.get(NAME)).isEmpty();
        assertThat(vault.bundles()).containsExactly("provider/default/workshop/b1");
        Vault later = new Vault(log, key(1));
        later.onRecords(log.all());
        assertThat(later.bundles()).containsExactly("provider/default/workshop/b1");
    }

    @Test
    void whatACrashLeftBehindIsDestroyedAndWhatIsYoungOrNeededIsNot() {
        Vault vault = new Vault(log, key(1));
        log.put("old", new Seal(key(1)).seal("old", SECRETS));
        log.put("needed", new Seal(key(1)).seal("needed", SECRETS));
        vault.onRecords(log.all());
        vault.keep("young", SECRETS);
        vault.destroyUnless("needed"::equals, Instant.now().minusSeconds(600));
        assertThat(vault.bundles()).containsExactlyInAnyOrder("needed", "young");
    }

    @Test
    void theKeyIsMadeOnceForItsOwnerAndRefusedWhereOthersCanReadIt(@TempDir Path folder) throws IOException {
        Path file = folder.resolve("credentials/key-encryption-key.bin");
        byte[] made = MasterKey.in(file);
        assertThat(made).hasSize(32);
        assertThat(MasterKey.in(file)).isEqualTo(made);
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file))).isEqualTo("rw-------");
        assertThat(folder.resolve("credentials")).isDirectoryContaining("glob:**.bin");
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-r--r--"));
        assertThatThrownBy(() -> MasterKey.in(file)).isInstanceOf(StartFailed.class).hasMessageContaining("chmod 600");
        assertThatThrownBy(() -> MasterKey.given(folder.resolve("none"))).isInstanceOf(StartFailed.class);
    }

    @Test
    void aSandboxGetsWhatItsProvidersOfferNow() {
        FakeProviders providers = new FakeProviders();
        Vault vault = new Vault(log, key(1));
        SandboxCredentials credentials = new SandboxCredentials(providers, workspace -> InferenceRoutes.NONE, vault);
        vault.keep(NAME, SECRETS);
        providers.put(present(1, NAME), 1);
        credentials.changed();
        Destination bound = new Destination("any.example", 443, "/", Optional.of("work"));
        assertThat(credentials.of("default", List.of())).isSameAs(CredentialSet.NONE);
        assertThat(credentials.of("other", List.of("work")).isEmpty()).isTrue();
        CredentialSet first = credentials.of("default", List.of("work"));
        assertThat(credentials.of("default", List.of("work"))).isSameAs(first);
        assertThat(first.keys()).containsExactly("KEY");
        assertThat(first.resolve("KEY", bound, Instant.now())).isInstanceOfSatisfying(CredentialSet.Resolution.Value.class,
                value -> assertThat(value.secret().text()).isEqualTo("planted-secret"));
        assertThat(first.toString() + first.resolve("KEY", bound, Instant.now())).doesNotContain("planted");

        vault.destroy(NAME);
        assertThat(credentials.of("default", List.of("work")).resolve("KEY", bound, Instant.now()))
                .isInstanceOf(CredentialSet.Resolution.Unavailable.class);
    }

    private static ProviderState.Present present(long revision, String bundle) {
        return new ProviderState.Present(new ProviderIdentity("p1", "work", "default", "generic", Map.of()),
                ProviderContent.lasting(List.of("KEY"), Map.of(), bundle), revision, Instant.EPOCH, Instant.EPOCH);
    }
}
