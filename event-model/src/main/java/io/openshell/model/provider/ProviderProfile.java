package io.openshell.model.provider;

import io.openshell.model.policy.NetworkRule;
import java.util.List;
import java.util.Optional;

/**
 * What is known about a type of provider.
 *
 * @param id canonical type
 * @param aliases other names of the type
 * @param displayName for people
 * @param category what it is used for
 * @param credentials the credentials it usually has; a provider may have others
 * @param endpoints where its credentials may go; empty when a policy has to say that by {@code credential_binding}
 * @param rule which programs reach which of its endpoints in a sandbox that has such a provider attached, where that is asked for
 * @param inference how requests for models are sent to it, when it answers such
 */
public record ProviderProfile(
        String id,
        List<String> aliases,
        String displayName,
        Category category,
        List<Credential> credentials,
        List<CredentialEndpoint> endpoints,
        Optional<NetworkRule> rule,
        Optional<Inference> inference) {

    /** Keeps copies. */
    public ProviderProfile {
        aliases = List.copyOf(aliases);
        credentials = List.copyOf(credentials);
        endpoints = List.copyOf(endpoints);
    }

    /** What a provider is used for. */
    public enum Category {
        OTHER,
        INFERENCE,
        AGENT,
        SOURCE_CONTROL
    }

    /**
     * One credential.
     *
     * @param name short name
     * @param variables environment variables it usually stands in; also its possible keys in a provider, the usual one first
     * @param required whether a provider without one of them makes no sense
     */
    public record Credential(String name, List<String> variables, boolean required) {
        /** Keeps a copy. */
        public Credential {
            variables = List.copyOf(variables);
        }
    }

    /**
     * How models are asked.
     *
     * @param baseUrl where, unless the setting says otherwise
     * @param baseUrlSetting key of the provider's configuration that names another place
     * @param keyHeader field that carries the key
     * @param keyScheme what stands before the key, with the blank; may be empty
     * @param anthropic whether it speaks the messages protocol and not the completions one
     */
    public record Inference(String baseUrl, String baseUrlSetting, String keyHeader, String keyScheme, boolean anthropic) {}
}
