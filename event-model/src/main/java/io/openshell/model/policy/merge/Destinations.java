package io.openshell.model.policy.merge;

import io.openshell.model.policy.AllowRule;
import io.openshell.model.policy.BlockedRanges;
import io.openshell.model.policy.CidrRange;
import io.openshell.model.policy.IpLiteral;
import io.openshell.model.policy.NetworkEndpoint;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;

/** Destinations that no rule can open, so that adding one would only mislead. */
final class Destinations {
    private static final Set<String> NAMES = Set.of("localhost", "metadata.google.internal");

    private Destinations() {}

    static Optional<String> hopeless(NetworkEndpoint endpoint) {
        Optional<String> host = hopeless(endpoint.host());
        return host.isPresent() ? host : endpoint.allowedIps().stream()
                .filter(entry -> CidrRange.parse(entry.strip()).filter(BlockedRanges::overlap).isPresent())
                .map(entry -> "allowed_ips " + entry + " covers addresses that are always blocked")
                .findFirst();
    }

    static Optional<String> hopeless(String host) {
        String name = host.toLowerCase(Locale.ROOT);
        String bare = name.endsWith(".") ? name.substring(0, name.length() - 1) : name;
        boolean blocked = NAMES.contains(bare) || bare.endsWith(".localhost")
                || IpLiteral.parse(bare).filter(address -> BlockedRanges.contains(address.getAddress())).isPresent();
        return blocked ? Optional.of("'" + host + "' is always blocked, whatever the policy says") : Optional.empty();
    }

    static boolean complete(AllowRule rule) {
        return rule.allow().filter(match -> !match.isEmpty()).isPresent();
    }
}
