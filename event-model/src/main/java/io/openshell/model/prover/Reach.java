package io.openshell.model.prover;

import io.openshell.model.policy.CidrRange;
import io.openshell.model.policy.Enforcement;
import io.openshell.model.policy.Glob;
import io.openshell.model.policy.HostOverlap;
import io.openshell.model.policy.IpLiteral;
import io.openshell.model.policy.NetworkEndpoint;
import io.openshell.model.policy.PolicyDocument;
import io.openshell.model.policy.TlsMode;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * One program, one endpoint, one port of it.
 *
 * @param endpoint without its ports, so that the same promise at the same port is the same reach
 */
record Reach(String binary, NetworkEndpoint endpoint, int port) {

    private static final List<CidrRange> LINK_LOCAL = Stream.of("169.254.0.0/16", "fe80::/10")
            .map(CidrRange::parse).flatMap(Optional::stream).toList();
    private static final String METADATA = "metadata.google.internal";

    /** Everything the rules of a policy connect. */
    static List<Reach> of(PolicyDocument policy) {
        return policy.networkPolicies().values().stream()
                .flatMap(rule -> rule.binaries().stream()
                        .flatMap(binary -> rule.endpoints().stream()
                                .flatMap(endpoint -> endpoint.ports().stream().map(port -> new Reach(
                                        binary.path(), endpoint.toBuilder().ports(List.of()).build(), port)))))
                .distinct().toList();
    }

    /** Whether this program may reach the host, or one of the hosts, by it; an endpoint without a host may reach every one. */
    boolean mayLeadTo(String host) {
        return HostOverlap.possible(endpoint.host(), host);
    }

    /** Whether this program reaches the host, or all of the hosts, by it for certain. */
    boolean leadsTo(String host) {
        String own = endpoint.host();
        return own.equalsIgnoreCase(host)
                || own.indexOf('*') >= 0 && host.indexOf('*') < 0 && Glob.host(own).matches(host.toLowerCase(Locale.ROOT));
    }

    /** Whether every program of the other is one of this; two different patterns are taken to be about different programs. */
    boolean includesPrograms(Reach other) {
        return binary.equals(other.binary)
                || other.binary.indexOf('*') < 0 && binary.indexOf('*') >= 0 && Glob.path(binary).matches(other.binary);
    }

    /** Whether link-local addresses are what it is about. */
    boolean isLinkLocal() {
        String host = endpoint.host().toLowerCase(Locale.ROOT);
        return host.equals(METADATA) || host.equals(METADATA + ".")
                || IpLiteral.parse(host).filter(ip -> LINK_LOCAL.stream().anyMatch(range -> range.contains(ip))).isPresent()
                || endpoint.allowedIps().stream().map(CidrRange::parse).flatMap(Optional::stream)
                        .anyMatch(range -> LINK_LOCAL.stream().anyMatch(range::overlaps));
    }

    /** Whether requests may pass unjudged, or judged in vain. */
    boolean isUnjudged() {
        return !endpoint.inspected() || endpoint.tlsMode().equals(Optional.of(TlsMode.SKIP))
                || endpoint.flags().allowUninspectedCredentials()
                || !endpoint.enforcementMode().equals(Optional.of(Enforcement.ENFORCE));
    }
}
