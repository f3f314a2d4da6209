package io.openshell.gateway.provider;

import io.openshell.gateway.grpc.Refusal;
import io.openshell.gateway.grpc.RequestRules;
import io.openshell.wire.datamodel.v1.Provider;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.regex.Pattern;

/** What requests about providers must look like before they become commands. No value is ever repeated in a message. Pure. */
final class ProviderRequestRules {

    private static final int MOST_CREDENTIALS = 32;
    private static final int MOST_SETTINGS = 64;
    private static final int LONGEST_VALUE = 8_192;
    private static final int LONGEST_KEY = 256;
    private static final Pattern NAME = Pattern.compile("[A-Za-z0-9][A-Za-z0-9._-]{0,252}");
    private static final Pattern TYPE = Pattern.compile("[A-Za-z0-9][A-Za-z0-9._-]{0,63}");

    private ProviderRequestRules() {}

    static String name(String given) {
        require(NAME.matcher(given).matches(),
                "a provider name has 1 to 253 letters, digits, dots, hyphens or underscores and begins with a letter or digit");
        return given;
    }

    /** Checks what is written about a provider; {@code removes} where an empty credential takes one away. */
    static void content(Provider provider, String workspace, boolean removes) {
        require(provider.getCredentialHandlesCount() == 0, "credential_handles cannot be given");
        require(provider.getProfileWorkspace().isEmpty() || provider.getProfileWorkspace().equals(workspace),
                "profile_workspace must be empty or the provider's own workspace");
        require(provider.getCredentialsCount() <= MOST_CREDENTIALS, "a provider has at most 32 credentials");
        require(provider.getConfigCount() <= MOST_SETTINGS, "a provider has at most 64 settings");
        require(provider.getMetadata().getLabelsCount() <= 128, "at most 128 labels are allowed");
        RequestRules.environment(provider.getCredentialsMap());
        provider.getCredentialsMap().forEach((key, value) -> {
            require(removes || !value.isEmpty(), "the credential " + key + " is empty");
            require(value.chars().noneMatch(c -> c < ' ' || c == 0x7f),
                    "the credential " + key + " contains a line end or another control character");
        });
        provider.getConfigMap().forEach((key, value) -> require(
                !key.isEmpty() && key.length() <= LONGEST_KEY && value.getBytes(StandardCharsets.UTF_8).length <= LONGEST_VALUE,
                "a setting has a name of 1 to 256 characters and a value of at most 8192 bytes"));
    }

    static void type(String given) {
        require(!given.isEmpty(), "provider type is required");
        require(TYPE.matcher(given).matches(),
                "a provider type has 1 to 64 letters, digits, dots, hyphens or underscores and begins with a letter or digit");
    }

    /** Expiry times are about credentials that are there. */
    static void expiries(Map<String, Long> expiries, Iterable<String> keys) {
        for (String key : expiries.keySet()) {
            boolean known = false;
            for (String each : keys) {
                known |= each.equals(key);
            }
            require(known, "there is no credential " + (key.length() <= 64 ? key : key.substring(0, 64) + "...") + " that could expire");
        }
    }

    private static void require(boolean condition, String sentence) {
        if (!condition) {
            throw Refusal.invalid(sentence);
        }
    }
}
