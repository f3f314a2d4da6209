package io.openshell.model.egress;

import java.net.InetAddress;
import java.util.List;
import java.util.Set;
import java.util.function.Predicate;

/** Judges the addresses a destination resolved to. One bad address refuses the whole connection. */
public final class DestinationCheck {
    /** Ports of cluster control planes; a sandbox never reaches them, whatever the plan. */
    public static final Set<Integer> CONTROL_PLANE_PORTS = Set.of(2379, 2380, 6443, 10250, 10255);

    private static final String METADATA = "169.254.169.254";

    private DestinationCheck() {}

    /**
     * Checks all resolved addresses.
     *
     * @param plan what is acceptable
     * @param addresses every address the host resolved to
     * @param port destination port
     */
    public static DestinationVerdict check(DestinationPlan plan, List<InetAddress> addresses, int port) {
        if (plan instanceof DestinationPlan.InvalidAllowList) {
            return new DestinationVerdict.Blocked(ReasonCode.SSRF_INVALID_ALLOWED_IPS, "invalid allowed_ips in policy");
        }
        if (CONTROL_PLANE_PORTS.contains(port)) {
            return new DestinationVerdict.Blocked(ReasonCode.SSRF_CONTROL_PLANE_PORT, "control-plane port");
        }
        if (addresses.isEmpty()) {
            return new DestinationVerdict.Blocked(ReasonCode.SSRF_UNRESOLVED, "host has no address");
        }
        Predicate<InetAddress> acceptable = address -> acceptable(plan, address);
        return addresses.stream().allMatch(acceptable) ? new DestinationVerdict.Accepted(addresses) : blocked(plan);
    }

    private static boolean acceptable(DestinationPlan plan, InetAddress address) {
        AddressClass kind = AddressClass.of(address);
        return switch (plan) {
            case DestinationPlan.TrustedGateway gateway -> address.equals(gateway.address()) && address.isLinkLocalAddress()
                    && !address.getHostAddress().equals(METADATA);
            case DestinationPlan.AllowList list -> kind != AddressClass.ALWAYS_BLOCKED
                    && list.ranges().stream().anyMatch(range -> range.contains(address));
            case DestinationPlan.Literal literal -> kind != AddressClass.ALWAYS_BLOCKED && address.equals(literal.address());
            case DestinationPlan.Declared declared -> kind != AddressClass.ALWAYS_BLOCKED;
            case DestinationPlan.PublicOnly publicOnly -> kind == AddressClass.PUBLIC;
            case DestinationPlan.InvalidAllowList invalid -> false;
        };
    }

    private static DestinationVerdict.Blocked blocked(DestinationPlan plan) {
        return switch (plan) {
            case DestinationPlan.TrustedGateway gateway ->
                    new DestinationVerdict.Blocked(ReasonCode.SSRF_TRUSTED_GATEWAY, "trusted-gateway check failed");
            case DestinationPlan.AllowList list ->
                    new DestinationVerdict.Blocked(ReasonCode.SSRF_NOT_IN_ALLOWED_IPS, "allowed_ips check failed");
            case DestinationPlan.Literal literal ->
                    new DestinationVerdict.Blocked(ReasonCode.SSRF_ALWAYS_BLOCKED, "internal address");
            case DestinationPlan.Declared declared ->
                    new DestinationVerdict.Blocked(ReasonCode.SSRF_ALWAYS_BLOCKED, "declared endpoint check failed");
            case DestinationPlan.PublicOnly publicOnly ->
                    new DestinationVerdict.Blocked(ReasonCode.SSRF_INTERNAL_ADDRESS, "internal address");
            case DestinationPlan.InvalidAllowList invalid ->
                    new DestinationVerdict.Blocked(ReasonCode.SSRF_INVALID_ALLOWED_IPS, "invalid allowed_ips in policy");
        };
    }
}
