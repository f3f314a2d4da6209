package io.openshell.model.review;

import io.openshell.model.egress.CompiledPolicy;
import io.openshell.model.egress.DestinationCheck;
import io.openshell.model.egress.DestinationPlanner;
import io.openshell.model.egress.DestinationVerdict;
import io.openshell.model.egress.EgressEvaluator;
import io.openshell.model.egress.EgressRequest;
import io.openshell.model.egress.EgressVerdict;
import io.openshell.model.policy.IpLiteral;
import java.net.InetAddress;
import java.util.List;
import java.util.Optional;

/**
 * Judges a request as the proxy would: first the connection, then the addresses as far as they are known. Pure. A host that was
 * never looked up is judged without its addresses.
 */
public final class PolicyReview {
    private PolicyReview() {}

    /** What the policy says about the request. */
    public static Judgement judge(CompiledPolicy policy, RecordedRequest request) {
        EgressRequest connection = new EgressRequest(request.host(), request.port(), request.caller());
        return switch (EgressEvaluator.evaluate(policy, connection)) {
            case EgressVerdict.Denied denied -> new Judgement.Denied(denied.code(), denied.reason());
            case EgressVerdict.Allowed allowed -> destination(policy, connection, addresses(request))
                    .orElseGet(() -> new Judgement.Allowed(allowed.policyKey()));
        };
    }

    private static List<InetAddress> addresses(RecordedRequest request) {
        return IpLiteral.parse(request.host()).map(List::of).orElse(request.addresses());
    }

    private static Optional<Judgement> destination(
            CompiledPolicy policy, EgressRequest connection, List<InetAddress> addresses) {
        if (addresses.isEmpty()) {
            return Optional.empty();
        }
        var plan = DestinationPlanner.plan(policy, connection, Optional.empty());
        return switch (DestinationCheck.check(plan, addresses, connection.port())) {
            case DestinationVerdict.Accepted accepted -> Optional.empty();
            case DestinationVerdict.Blocked blocked -> Optional.of(new Judgement.Denied(blocked.code(), blocked.kind()));
        };
    }
}
