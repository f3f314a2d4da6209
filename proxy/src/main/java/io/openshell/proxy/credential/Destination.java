package io.openshell.proxy.credential;

import java.util.Optional;

/**
 * Where a request goes.
 *
 * @param host the host
 * @param port the port
 * @param path the canonical path, placeholders hidden, without the query
 * @param boundProvider name of the provider that the policy binds to the endpoint
 */
public record Destination(String host, int port, String path, Optional<String> boundProvider) {}
