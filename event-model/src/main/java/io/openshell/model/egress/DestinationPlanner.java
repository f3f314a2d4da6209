package io.openshell.model.egress;

import io.openshell.model.policy.BlockedRanges;
import io.openshell.model.policy.CidrRange;
import io.openshell.model.policy.IpLiteral;
import io.openshell.model.policy.NetworkEndpoint;
import java.net.InetAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;

/** Chooses what the addresses of an allowed destination must satisfy. */
public final class DestinationPlanner {
    private static final Set<String> GATEWAY_NAMES =
            Set.of("host.openshell.internal", "host.containers.internal", "host.docker.internal");

    private DestinationPlanner() {}

    /**
     * The plan for a request that {@link EgressEvaluator} allowed; for any other request the strictest plan.
     *
     * @param trustedGateway address of the host gateway, captured before any workload ran
     */
    public static DestinationPlan plan(CompiledPolicy policy, EgressRequest request, Optional<InetAddress> trustedGateway) {
        String host = request.host().toLowerCase(Locale.ROOT);
        if (trustedGateway.isPresent() && GATEWAY_NAMES.contains(host)) {
            return new DestinationPlan.TrustedGateway(trustedGateway.get());
        }
        List<MatchedEndpoint> matches = policy.granting(request);
        Optional<NetworkEndpoint> leading =
                matches.stream().map(MatchedEndpoint::endpoint).filter(NetworkEndpoint::extended).findFirst();
        if (leading.isPresent() && !leading.get().allowedIps().isEmpty()) {
            return allowList(leading.get().allowedIps());
        }
        // A pattern never vouches for a literal: only an endpoint that spells this very address does.
        boolean spelled = matches.stream().anyMatch(match -> match.endpoint().host().equalsIgnoreCase(host));
        Optional<InetAddress> literal = IpLiteral.parse(host).filter(a -> AddressClass.of(a) != AddressClass.ALWAYS_BLOCKED);
        if (spelled && literal.isPresent()) {
            return new DestinationPlan.Literal(literal.get());
        }
        return declares(matches, host) ? new DestinationPlan.Declared(host) : new DestinationPlan.PublicOnly();
    }

    /** The plan for one endpoint that covers a host, whoever asks. */
    public static DestinationPlan plan(NetworkEndpoint endpoint, String host) {
        if (!endpoint.allowedIps().isEmpty()) {
            return allowList(endpoint.allowedIps());
        }
        return declares(List.of(new MatchedEndpoint("", endpoint)), host) ? new DestinationPlan.Declared(host) : new DestinationPlan.PublicOnly();
    }

    static boolean declares(List<MatchedEndpoint> matches, String host) {
        return matches.stream().map(MatchedEndpoint::endpoint)
                .anyMatch(e -> !e.provenance().advisorProposed() && e.host().indexOf('*') < 0 && e.host().equalsIgnoreCase(host));
    }

    private static DestinationPlan allowList(List<String> entries) {
        List<CidrRange> ranges = new ArrayList<>();
        List<String> wrong = new ArrayList<>();
        for (String entry : entries) {
            Optional<CidrRange> range = CidrRange.parse(entry.strip()).filter(found -> !BlockedRanges.overlap(found));
            range.ifPresentOrElse(ranges::add, () -> wrong.add(entry));
        }
        return wrong.isEmpty() ? new DestinationPlan.AllowList(ranges) : new DestinationPlan.InvalidAllowList(wrong);
    }
}
