package io.openshell.model.policy;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** Checks of one endpoint, apart from its request rules. */
final class EndpointRules {
    private static final int MAX_PORT = 65_535;
    private static final Set<String> SIGNINGS = Set.of("", "sigv4", "sigv4:body", "sigv4:no_body");

    private EndpointRules() {}

    static void check(NetworkEndpoint endpoint, Findings findings) {
        Optional<Inspection> inspection = endpoint.inspection();
        findings.at("protocol").addIf(inspection.isEmpty(), "'" + shown(endpoint.protocol())
                + "' is unknown; known are tcp, rest, websocket, graphql, sql, json-rpc and mcp, or none");
        boolean tcp = inspection.equals(Optional.of(Inspection.TCP));
        if (tcp) {
            HostRules.checkResolvable(endpoint.host(), findings.at("host"));
            List<String> fields = inspectionFields(endpoint);
            findings.addIf(!fields.isEmpty(), "protocol tcp cannot be combined with " + String.join(", ", fields));
        } else {
            findings.at("host").addIf(endpoint.host().isEmpty() && endpoint.allowedIps().isEmpty(),
                    "must be set, unless allowed_ips is");
        }
        if (!endpoint.host().isEmpty()) {
            HostRules.check(endpoint.host(), findings.at("host"));
        }
        ports(endpoint.ports(), findings);
        texts(endpoint, findings);
        signing(endpoint, findings);
        allowedIps(endpoint.allowedIps(), findings);
        boolean isMcp = inspection.equals(Optional.of(Inspection.MCP));
        findings.at("mcp").addIf(!tcp && !isMcp && endpoint.mcp().isPresent(), "is only for protocol mcp");
        findings.at("enforcement").addIf(inspection.equals(Optional.of(Inspection.SQL)) && endpoint.enforcement().equals("enforce"),
                "protocol sql can only be audited");
        RequestRules.check(endpoint, findings);
    }

    private static void ports(List<Integer> ports, Findings findings) {
        findings.at("ports").addIf(ports.isEmpty(), "at least one port from 1 to " + MAX_PORT + " is needed");
        for (int i = 0; i < ports.size(); i++) {
            int port = ports.get(i);
            findings.at("ports", i).addIf(port < 1 || port > MAX_PORT, "must be from 1 to " + MAX_PORT);
        }
    }

    private static void texts(NetworkEndpoint endpoint, Findings findings) {
        String path = endpoint.path();
        findings.at("path").addIf(!path.isEmpty() && !path.startsWith("/") && !path.equals("**"), "must start with '/' or be '**'");
        findings.at("path").addIf(!Glob.path(path).isValid(), "is not a usable pattern");
        findings.at("enforcement").addIf(endpoint.enforcementMode().isEmpty(),
                "'" + shown(endpoint.enforcement()) + "' is unknown; use enforce or audit");
        findings.at("access").addIf(endpoint.accessPreset().isEmpty(),
                "'" + shown(endpoint.access()) + "' is unknown; use read-only, read-write or full");
        findings.at("tls").addIf(endpoint.tlsMode().isEmpty(), "'" + shown(endpoint.tls()) + "' is unknown; use skip or leave it out");
        findings.at("persisted_queries").addIf(!Set.of("", "deny", "allow_registered").contains(endpoint.graphql().persistedQueries()),
                "must be deny or allow_registered");
        findings.at("credential_binding").at("provider").addIf(
                endpoint.credentialBinding().filter(binding -> binding.provider().isBlank()).isPresent(), "must name a provider");
    }

    private static void signing(NetworkEndpoint endpoint, Findings findings) {
        RequestSigning signing = endpoint.signing();
        findings.at("credential_signing").addIf(!SIGNINGS.contains(signing.kind()), "must be sigv4, sigv4:body or sigv4:no_body");
        if (!signing.kind().isEmpty()) {
            findings.at("signing_service").addIf(signing.service().isEmpty(), "is needed with credential_signing");
            findings.at("credential_signing").addIf(endpoint.flags().requestBodyCredentialRewrite(),
                    "cannot be combined with request_body_credential_rewrite");
        }
    }

    private static void allowedIps(List<String> entries, Findings findings) {
        for (int i = 0; i < entries.size(); i++) {
            Optional<CidrRange> range = CidrRange.parse(entries.get(i).strip());
            findings.at("allowed_ips", i).addIf(range.isEmpty(), "is not an IP address or CIDR range");
            findings.at("allowed_ips", i).addIf(range.filter(BlockedRanges::overlap).isPresent(),
                    "covers addresses that are always blocked (loopback, link-local, unspecified or multicast)");
        }
    }

    private static List<String> inspectionFields(NetworkEndpoint endpoint) {
        List<String> fields = new ArrayList<>();
        addIf(fields, !endpoint.enforcement().isEmpty(), "enforcement");
        addIf(fields, !endpoint.path().isEmpty(), "path");
        addIf(fields, endpoint.flags().allowEncodedSlash(), "allow_encoded_slash");
        addIf(fields, endpoint.flags().websocketCredentialRewrite(), "websocket_credential_rewrite");
        addIf(fields, endpoint.flags().requestBodyCredentialRewrite(), "request_body_credential_rewrite");
        addIf(fields, !endpoint.graphql().persistedQueries().isEmpty(), "persisted_queries");
        addIf(fields, !endpoint.graphql().registry().isEmpty(), "graphql_persisted_queries");
        addIf(fields, endpoint.graphql().maxBodyBytes() != 0, "graphql_max_body_bytes");
        addIf(fields, endpoint.jsonRpcMaxBodyBytes() != 0, "json_rpc.max_body_bytes");
        addIf(fields, endpoint.mcp().isPresent(), "mcp");
        return fields;
    }

    private static void addIf(List<String> fields, boolean present, String name) {
        if (present) {
            fields.add(name);
        }
    }

    private static String shown(String text) {
        return text.length() <= 40 ? text : text.substring(0, 40) + "...";
    }
}
