package io.openshell.proxy.inference;

import io.openshell.proxy.credential.SecretText;
import io.openshell.proxy.http.Authority;
import java.net.URI;
import java.net.URISyntaxException;
import java.util.Locale;
import java.util.Optional;

/**
 * Where requests for models go.
 *
 * @param authority the provider's host and port
 * @param secure whether it is spoken to through TLS
 * @param basePath what its paths begin with, without a slash at the end; may be empty
 * @param key its key; empty when it cannot be had
 * @param keyHeader the field that carries the key
 * @param keyScheme what stands before the key
 * @param anthropic whether it speaks the messages protocol and not the completions one
 * @param model the model that answers
 * @param limits bounds of its answers
 */
public record InferenceRoute(
        Authority authority,
        boolean secure,
        String basePath,
        Optional<SecretText> key,
        String keyHeader,
        String keyScheme,
        boolean anthropic,
        String model,
        AnswerLimits limits) {

    /** How a provider is asked. */
    public record Style(String keyHeader, String keyScheme, boolean anthropic) {}

    /**
     * Makes a route.
     *
     * @param baseUrl where the provider answers
     * @param style how it is asked
     * @param key its key, if it can be had
     * @param model the model
     * @param limits bounds of its answers
     * @return the route; empty when the URL is none of {@code http} or {@code https} with a host
     */
    public static Optional<InferenceRoute> of(
            String baseUrl, Style style, Optional<SecretText> key, String model, AnswerLimits limits) {
        try {
            var url = new URI(baseUrl);
            var scheme = url.getScheme() == null ? "" : url.getScheme().toLowerCase(Locale.ROOT);
            boolean secure = scheme.equals("https");
            if (!secure && !scheme.equals("http") || url.getHost() == null || url.getRawQuery() != null) {
                return Optional.empty();
            }
            var host = url.getHost().replace("[", "").replace("]", "").toLowerCase(Locale.ROOT);
            int port = url.getPort() > 0 ? url.getPort() : secure ? 443 : 80;
            var path = url.getRawPath().endsWith("/") ? url.getRawPath().substring(0, url.getRawPath().length() - 1) : url.getRawPath();
            return Optional.of(new InferenceRoute(new Authority(host, port), secure, path, key,
                    style.keyHeader(), style.keyScheme(), style.anthropic(), model, limits));
        } catch (URISyntaxException malformed) {
            return Optional.empty();
        }
    }
}
