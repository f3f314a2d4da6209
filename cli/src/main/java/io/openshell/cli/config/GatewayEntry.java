package io.openshell.cli.config;

import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * One known gateway.
 *
 * @param name a single path component
 * @param endpoint URL, or {@code unix:PATH} for the gateway of this machine
 * @param remote whether it runs on another machine
 * @param remoteHost SSH destination given at registration, or null
 * @param resolvedHost host name behind it, or null
 * @param authMode plaintext, mtls, oidc or cloudflare_jwt
 * @param source who registered it
 */
public record GatewayEntry(String name, String endpoint, boolean remote, @Nullable String remoteHost,
        @Nullable String resolvedHost, String authMode, Source source) {
    /** Name of the gateway that this program starts by itself. */
    public static final String LOCAL_NAME = "openshell";

    /** Who made the entry. */
    public enum Source {
        USER, SYSTEM, BUILT_IN;

        /** The word shown to users. */
        public String word() {
            return switch (this) {
                case USER, BUILT_IN -> "user";
                case SYSTEM -> "system";
            };
        }
    }

    /** Whether it is the gateway that this program starts by itself, registered by that gateway or not yet. */
    public boolean startsItself() {
        return switch (source) {
            case BUILT_IN -> true;
            case USER -> name.equals(LOCAL_NAME) && !remote && EndpointUrl.parse(endpoint).loopback();
            case SYSTEM -> false;
        };
    }

    /** cloud, remote or local. */
    public String type() {
        if (authMode.equals("cloudflare_jwt")) {
            return "cloud";
        }
        return remote ? "remote" : "local";
    }

    Map<String, @Nullable Object> toMetadata() {
        Map<String, @Nullable Object> json = new LinkedHashMap<>();
        json.put("name", name);
        json.put("gateway_endpoint", endpoint);
        json.put("is_remote", remote);
        json.put("gateway_port", (long) EndpointUrl.parse(endpoint).port());
        if (remoteHost != null) {
            json.put("remote_host", remoteHost);
        }
        if (resolvedHost != null) {
            json.put("resolved_host", resolvedHost);
        }
        json.put("auth_mode", authMode);
        return json;
    }

    static GatewayEntry ofMetadata(String name, Map<?, ?> json, Source source) {
        String endpoint = text(json, "gateway_endpoint");
        if (endpoint == null) {
            throw new IllegalArgumentException("gateway_endpoint is missing");
        }
        String authMode = text(json, "auth_mode");
        return new GatewayEntry(name, endpoint, Boolean.TRUE.equals(json.get("is_remote")), text(json, "remote_host"),
                text(json, "resolved_host"), authMode == null ? "mtls" : authMode, source);
    }

    private static @Nullable String text(Map<?, ?> json, String key) {
        return json.get(key) instanceof String text ? text : null;
    }
}
