package io.openshell.gateway.provider;

import io.openshell.model.provider.ProviderProfile;
import io.openshell.model.provider.ProviderState;
import io.openshell.projection.providers.ProviderView;
import io.openshell.wire.datamodel.v1.ObjectMeta;
import io.openshell.wire.datamodel.v1.Provider;
import io.openshell.wire.policy.PolicyCodec;
import io.openshell.wire.v1.ProviderProfileCategory;
import io.openshell.wire.v1.ProviderProfileCredential;
import io.openshell.wire.v1.ProviderProfileDiscovery;

/** Providers and their types as wire messages; a credential is only ever named. Pure. */
final class ProviderMessages {

    /** Stands where a secret would. */
    static final String MASK = "REDACTED";

    private ProviderMessages() {}

    static Provider provider(ProviderView view) {
        ProviderState.Present state = view.state();
        Provider.Builder out = Provider.newBuilder()
                .setMetadata(ObjectMeta.newBuilder()
                        .setId(state.provider().id())
                        .setName(state.provider().name())
                        .setWorkspace(state.provider().workspace())
                        .setCreatedAtMs(state.createdAt().toEpochMilli())
                        .setResourceVersion(view.version())
                        .putAllLabels(state.provider().labels()))
                .setType(state.provider().type())
                .putAllConfig(state.content().config());
        state.content().credentials().forEach((key, expires) -> {
            out.putCredentials(key, MASK);
            expires.ifPresent(at -> out.putCredentialExpiresAtMs(key, at.toEpochMilli()));
        });
        return out.build();
    }

    static io.openshell.wire.v1.ProviderProfile profile(ProviderProfile profile) {
        var out = io.openshell.wire.v1.ProviderProfile.newBuilder()
                .setId(profile.id())
                .setDisplayName(profile.displayName())
                .setCategory(category(profile.category()))
                .setInferenceCapable(profile.inference().isPresent())
                .setSource("builtin")
                .setScope("platform");
        ProviderProfileDiscovery.Builder discovery = ProviderProfileDiscovery.newBuilder();
        profile.credentials().forEach(each -> {
            out.addCredentials(ProviderProfileCredential.newBuilder()
                    .setName(each.name()).addAllEnvVars(each.variables()).setRequired(each.required()));
            discovery.addCredentials(each.name());
        });
        profile.rule().map(PolicyCodec::rule).ifPresent(rule ->
                out.addAllEndpoints(rule.getEndpointsList()).addAllBinaries(rule.getBinariesList()));
        return out.setDiscovery(discovery).build();
    }

    private static ProviderProfileCategory category(ProviderProfile.Category category) {
        return switch (category) {
            case OTHER -> ProviderProfileCategory.PROVIDER_PROFILE_CATEGORY_OTHER;
            case INFERENCE -> ProviderProfileCategory.PROVIDER_PROFILE_CATEGORY_INFERENCE;
            case AGENT -> ProviderProfileCategory.PROVIDER_PROFILE_CATEGORY_AGENT;
            case SOURCE_CONTROL -> ProviderProfileCategory.PROVIDER_PROFILE_CATEGORY_SOURCE_CONTROL;
        };
    }
}
