package io.openshell.cli.command;

import io.openshell.cli.CliException;
import io.openshell.cli.client.Endpoint;
import io.openshell.cli.client.GatewayClient;
import io.openshell.cli.config.ClientFiles;
import io.openshell.cli.config.EndpointUrl;
import io.openshell.cli.config.GatewayEntry;
import io.openshell.cli.config.GatewayEntry.Source;
import io.openshell.cli.config.GatewayRegistry;
import io.openshell.cli.json.JsonText;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The gateway a command is about.
 *
 * @param entry its registration, or one made up from --gateway-endpoint
 * @param configured whether the user or the system named it; false for the built-in fallback
 * @param files folder of its certificates and tokens
 * @param bySocket whether it is this machine's own gateway, reached by its socket; never when an endpoint was given
 */
public record GatewayChoice(GatewayEntry entry, boolean configured, Path files, boolean bySocket) {
    static GatewayChoice of(CliContext context) {
        GatewayRegistry registry = context.registry();
        Optional<String> named = Optional.ofNullable(context.options().gateway)
                .or(() -> context.environment().get("OPENSHELL_GATEWAY"));
        Optional<String> endpoint = Optional.ofNullable(context.options().endpoint)
                .or(() -> context.environment().get("OPENSHELL_GATEWAY_ENDPOINT"));
        if (endpoint.isPresent()) {
            return ofEndpoint(context, registry, endpoint.get());
        }
        Optional<String> name = named.or(registry::activeName);
        GatewayEntry entry = name.isEmpty() ? registry.builtIn() : registry.find(name.get())
                .orElseThrow(() -> new CliException(GatewayRegistry.unknown(name.get())));
        return new GatewayChoice(entry, name.isPresent(), registry.folder(entry.name()), entry.startsItself());
    }

    private static GatewayChoice ofEndpoint(CliContext context, GatewayRegistry registry, String url) {
        EndpointUrl parsed = EndpointUrl.parse(url);
        @Nullable String wanted = context.options().gateway;
        for (GatewayEntry one : registry.registered().values()) {
            if (wanted == null ? one.endpoint().equals(url) : one.name().equals(wanted)) {
                GatewayEntry moved = new GatewayEntry(one.name(), url, one.remote(), one.remoteHost(),
                        one.resolvedHost(), one.authMode(), one.source());
                return new GatewayChoice(moved, true, registry.folder(one.name()), false);
            }
        }
        String auth = parsed.scheme().equals("http") ? "plaintext" : "mtls";
        GatewayEntry made = new GatewayEntry(url, url, !parsed.loopback(), null, null, auth, Source.USER);
        return new GatewayChoice(made, true, registry.folder(GatewayEntry.LOCAL_NAME), false);
    }

    GatewayClient client(CliContext context) {
        if (bySocket) {
            return context.localGateway().client();
        }
        EndpointUrl url = EndpointUrl.parse(entry.endpoint());
        String host = entry.resolvedHost() == null ? url.host() : entry.resolvedHost();
        boolean insecure = context.options().insecure
                || context.environment().get("OPENSHELL_GATEWAY_INSECURE").isPresent();
        Endpoint endpoint = url.scheme().equals("http")
                ? new Endpoint.Plain(host, url.port())
                : new Endpoint.Tls(host, url.port(), files.resolve("mtls"), insecure);
        return new GatewayClient(endpoint, metadata());
    }

    private Map<String, String> metadata() {
        Path oidc = files.resolve("oidc_token.json");
        if (entry.authMode().equals("oidc") && Files.isRegularFile(oidc)
                && JsonText.parse(ClientFiles.read(oidc)) instanceof Map<?, ?> json
                && json.get("access_token") instanceof String token) {
            return Map.of("authorization", "Bearer " + token);
        }
        Path edge = files.resolve("edge_token");
        if (entry.authMode().equals("cloudflare_jwt") && Files.isRegularFile(edge)) {
            String token = ClientFiles.read(edge).strip();
            return Map.of("cf-access-jwt-assertion", token, "cookie", "CF_Authorization=" + token);
        }
        return Map.of();
    }
}
