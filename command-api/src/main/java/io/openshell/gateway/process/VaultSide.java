package io.openshell.gateway.process;

import io.openshell.gateway.vault.MasterKey;
import io.openshell.gateway.vault.SandboxCredentials;
import io.openshell.gateway.vault.Vault;
import io.openshell.log.LogFaults;
import io.openshell.log.kafka.KafkaFollower;
import io.openshell.log.kafka.KafkaVaultLog;
import io.openshell.log.kafka.Topics;
import io.openshell.projection.fold.FoldedInference;
import io.openshell.projection.fold.FoldedProviders;
import io.openshell.projection.providers.ProviderReads;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/** The gateway's share in the vault: the secrets of providers, and what of them the sandboxes of this host may use. */
record VaultSide(Vault vault, SandboxCredentials credentials) {

    /** What another gateway stores at this moment has no event yet. */
    private static final Duration SETTLED = Duration.ofMinutes(10);

    /** Follows the vault's topic in the background; {@code given} is a key that several gateways share. */
    static VaultSide start(LogSide log, Path ownKey, Optional<Path> given, LogFaults faults, CloseStack parts) {
        byte[] key = given.map(MasterKey::given).orElseGet(() -> MasterKey.in(ownKey));
        Vault vault = new Vault(parts.push(new KafkaVaultLog(log.settings())), key);
        FoldedProviders providers = new FoldedProviders(log.fold());
        SandboxCredentials credentials = new SandboxCredentials(providers, new FoldedInference(log.fold()), vault);
        parts.push(providers.onChange(credentials::changed));
        parts.push(KafkaFollower.follow(log.settings(), Topics.VAULT, Map.of(), vault, faults));
        vault.caughtUp().thenRun(() -> tidyUp(vault, providers));
        return new VaultSide(vault, credentials);
    }

    private static void tidyUp(Vault vault, ProviderReads providers) {
        Set<String> needed = providers.list(Optional.empty()).stream()
                .map(view -> view.state().content().bundle()).collect(Collectors.toSet());
        vault.destroyUnless(needed::contains, Instant.now().minus(SETTLED));
    }
}
