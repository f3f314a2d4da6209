package io.openshell.gateway.vault;

import io.openshell.agent.credential.ProviderCredentials;
import io.openshell.model.inference.InferenceRoutes;
import io.openshell.model.inference.RouteTarget;
import io.openshell.model.provider.CredentialEndpoint;
import io.openshell.model.provider.ProviderProfile;
import io.openshell.model.provider.ProviderProfiles;
import io.openshell.model.provider.ProviderState;
import io.openshell.projection.inference.InferenceReads;
import io.openshell.projection.providers.ProviderReads;
import io.openshell.projection.providers.ProviderView;
import io.openshell.proxy.credential.Credential;
import io.openshell.proxy.credential.CredentialSet;
import io.openshell.proxy.credential.SecretText;
import io.openshell.proxy.inference.AnswerLimits;
import io.openshell.proxy.inference.InferenceRoute;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Instant;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Stream;

/** Puts together what the providers attached to a sandbox offer: names from the fold, secrets from the vault. */
public final class SandboxCredentials implements ProviderCredentials {

    /** Sandboxes with different providers kept at hand; more are put together anew. */
    private static final int KEPT = 1_024;

    private final ProviderReads providers;
    private final InferenceReads inference;
    private final Vault vault;
    private final AtomicLong epoch = new AtomicLong();
    private final Map<Attached, Made> made = new ConcurrentHashMap<>();

    private record Attached(String workspace, List<String> providers) {}

    private record Made(long epoch, CredentialSet credentials) {}

    /** Reads these; {@link #changed} must be called after every change of a provider. */
    public SandboxCredentials(ProviderReads providers, InferenceReads inference, Vault vault) {
        this.inference = inference;
        this.providers = providers;
        this.vault = vault;
        vault.onChange(this::changed);
    }

    /** Forgets what was put together. Any thread. */
    public void changed() {
        epoch.incrementAndGet();
    }

    @Override
    public CredentialSet of(String workspace, List<String> names) {
        if (names.isEmpty()) {
            return CredentialSet.NONE;
        }
        // Read before what it stands for, so that a change meanwhile makes the result an old one.
        long now = epoch.get();
        Attached attached = new Attached(workspace, names);
        Made known = made.get(attached);
        if (known != null && known.epoch() == now) {
            return known.credentials();
        }
        CredentialSet fresh = CredentialSet.of(names.stream()
                .flatMap(name -> providers.find(workspace, name).stream())
                .flatMap(this::offered)
                .toList());
        if (made.size() >= KEPT) {
            made.clear();
        }
        made.put(attached, new Made(now, fresh));
        return fresh;
    }

    @Override
    public Optional<InferenceRoute> inference(String workspace) {
        return inference.routes(workspace).find(InferenceRoutes.USER).flatMap(InferenceRoutes.Route::target)
                .flatMap(target -> providers.find(workspace, target.provider()).flatMap(view -> routed(view.state(), target)));
    }

    /** The key is the credential the type usually has, else the first there is. */
    private Optional<InferenceRoute> routed(ProviderState.Present state, RouteTarget target) {
        Optional<ProviderProfile> profile = ProviderProfiles.of(state.provider().type());
        CredentialSet offered = of(state.provider().workspace(), List.of(state.provider().name()));
        Stream<String> usual = profile.stream().flatMap(each -> each.credentials().stream()).flatMap(each -> each.variables().stream());
        Optional<SecretText> key = Stream.concat(usual, offered.keys().stream())
                .flatMap(name -> offered.secret(name, Instant.now()).stream()).findFirst();
        return profile.flatMap(ProviderProfile::inference).flatMap(how -> InferenceRoute.of(
                state.content().config().getOrDefault(how.baseUrlSetting(), how.baseUrl()),
                new InferenceRoute.Style(how.keyHeader(), how.keyScheme(), how.anthropic()), key, target.model(),
                AnswerLimits.of(target.timeoutSeconds())));
    }

    private Stream<Credential> offered(ProviderView view) {
        ProviderState.Present state = view.state();
        SortedMap<String, String> secrets = state.content().bundle().isEmpty()
                ? new TreeMap<>() : vault.open(state.content().bundle()).orElseGet(TreeMap::new);
        List<CredentialEndpoint> endpoints =
                ProviderProfiles.of(state.provider().type()).map(ProviderProfile::endpoints).orElse(List.of());
        return state.content().credentials().entrySet().stream().map(each -> new Credential(
                each.getKey(), state.provider().name(), state.revision(), handle(state.provider().id(), each.getKey()),
                endpoints, each.getValue(), Optional.ofNullable(secrets.get(each.getKey())).map(SecretText::new)));
    }

    /** The same for as long as the provider exists, and told by nothing else. */
    private static String handle(String providerId, String key) {
        try {
            return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256")
                    .digest((providerId + "\0" + key).getBytes(StandardCharsets.UTF_8)));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
    }
}
