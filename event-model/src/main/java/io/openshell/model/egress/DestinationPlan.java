package io.openshell.model.egress;

import io.openshell.model.policy.CidrRange;
import java.net.InetAddress;
import java.util.List;

/** Which resolved addresses of an allowed destination are acceptable. */
public sealed interface DestinationPlan {
    /** Only the host gateway captured at start. */
    record TrustedGateway(InetAddress address) implements DestinationPlan {}

    /** Only addresses in these blocks that are not always blocked. */
    record AllowList(List<CidrRange> ranges) implements DestinationPlan {
        public AllowList {
            ranges = List.copyOf(ranges);
        }
    }

    /** Only the address that the policy itself spells. */
    record Literal(InetAddress address) implements DestinationPlan {}

    /** The policy names this host exactly: anything that is not always blocked. */
    record Declared(String host) implements DestinationPlan {}

    /** Only globally routable addresses. */
    record PublicOnly() implements DestinationPlan {}

    /**
     * The address list cannot be used, so nothing is acceptable.
     *
     * @param entries the entries that are wrong
     */
    record InvalidAllowList(List<String> entries) implements DestinationPlan {
        public InvalidAllowList {
            entries = List.copyOf(entries);
        }
    }
}
