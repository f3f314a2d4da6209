package io.openshell.model.policy;

import java.util.List;
import java.util.Optional;

/**
 * A destination and what may be asked of it. Texts are kept as written; the typed accessors give their meaning.
 *
 * @param host exact name, IP literal, glob, or empty together with {@code allowedIps}
 * @param ports destination ports
 * @param path HTTP path glob that scopes this endpoint, empty for all
 * @param protocol see {@link #inspection()}
 * @param tls see {@link #tlsMode()}
 * @param enforcement see {@link #enforcementMode()}
 * @param access see {@link #accessPreset()}
 * @param rules explicit allow rules
 * @param denyRules explicit deny rules; they win over allow rules
 * @param allowedIps addresses or CIDR ranges the destination must resolve into
 * @param flags switches for inspected HTTP
 * @param graphql GraphQL settings
 * @param jsonRpcMaxBodyBytes largest JSON-RPC or MCP body in bytes; 0 means 65536
 * @param mcp MCP settings, if the section is there
 * @param signing request signing
 * @param credentialBinding provider binding, if the section is there
 * @param provenance facts set by the control plane
 */
public record NetworkEndpoint(
        String host,
        List<Integer> ports,
        String path,
        String protocol,
        String tls,
        String enforcement,
        String access,
        List<AllowRule> rules,
        List<RequestMatch> denyRules,
        List<String> allowedIps,
        HttpFlags flags,
        GraphqlOptions graphql,
        long jsonRpcMaxBodyBytes,
        Optional<McpOptions> mcp,
        RequestSigning signing,
        Optional<CredentialBinding> credentialBinding,
        Provenance provenance) {

    public NetworkEndpoint {
        ports = List.copyOf(ports);
        rules = List.copyOf(rules);
        denyRules = List.copyOf(denyRules);
        allowedIps = List.copyOf(allowedIps);
    }

    /** An endpoint that only passes connections to one port of a host. */
    public static NetworkEndpoint plain(String host, int port) {
        return builder(host, port).build();
    }

    /** Starts an endpoint from its host and ports. */
    public static NetworkEndpointBuilder builder(String host, Integer... ports) {
        return new NetworkEndpointBuilder().host(host).ports(List.of(ports));
    }

    /** Starts a changed copy of this endpoint. */
    public NetworkEndpointBuilder toBuilder() {
        return new NetworkEndpointBuilder(this);
    }

    /** What must be understood of the traffic; empty for an unknown protocol text. */
    public Optional<Inspection> inspection() {
        return Inspection.parse(protocol);
    }

    /**
     * Whether requests must be judged. An unknown protocol counts as inspected: it must never be weakened to a plain connection.
     */
    public boolean inspected() {
        return inspection().map(Inspection::judgesRequests).orElse(true);
    }

    /**
     * Whether anything here narrows which requests may be made. Such an endpoint must never pass as a plain connection, even when no
     * protocol says how its requests are read.
     */
    public boolean restrictsRequests() {
        boolean scoped = !path.isEmpty() && !path.equals("**") && !path.equals("/**");
        boolean preset = !access.isEmpty() && !access.equals("full");
        return inspected() || scoped || preset || !rules.isEmpty() || !denyRules.isEmpty();
    }

    /** What happens to TLS; empty for an unknown text. */
    public Optional<TlsMode> tlsMode() {
        return TlsMode.parse(tls);
    }

    /** Whether refused requests are blocked; empty for an unknown text. */
    public Optional<Enforcement> enforcementMode() {
        return Enforcement.parse(enforcement);
    }

    /** The preset of allow rules; empty for an unknown text. */
    public Optional<AccessPreset> accessPreset() {
        return AccessPreset.parse(access);
    }

    /** Whether the endpoint carries more than host, ports and deny information, which makes its request settings count. */
    public boolean extended() {
        return inspected() || !allowedIps.isEmpty() || !tls.isEmpty() || credentialBinding.isPresent();
    }
}
