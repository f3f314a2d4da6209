package io.openshell.gateway.config;

import io.openshell.gateway.config.GatewayConfig.InvalidConfig;
import java.net.URI;
import java.util.Map;
import java.util.Optional;

/**
 * Whether and how sandboxes run from container images.
 *
 * @param engine where the container engine listens; empty when images are turned off
 * @param defaultImage for sandboxes whose request names none; empty for the host's own files
 */
public record Containers(Optional<URI> engine, String defaultImage) {

    /** The usual socket, which need not be there. */
    public static final Containers USUAL = new Containers(Optional.of(URI.create("unix:///var/run/docker.sock")), "");

    static Containers of(Map<String, String> environment) {
        String own = environment.getOrDefault("OPENSHELL_DOCKER_HOST", "");
        String host = own.isEmpty() ? environment.getOrDefault("DOCKER_HOST", "") : own;
        Containers containers = host.isEmpty() ? USUAL : USUAL.at(host);
        return containers.byDefault(environment.getOrDefault("OPENSHELL_DEFAULT_IMAGE", ""));
    }

    Containers at(String address) {
        if (address.equals("off")) {
            return new Containers(Optional.empty(), defaultImage);
        }
        if (!address.startsWith("unix:///")) {
            throw new InvalidConfig("the container engine must be on this host, as unix:///PATH, or off; not '" + address + "'");
        }
        return new Containers(Optional.of(URI.create(address)), defaultImage);
    }

    Containers byDefault(String image) {
        return new Containers(engine, image);
    }
}
