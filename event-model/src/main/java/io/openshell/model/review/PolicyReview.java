package io.openshell.model.review;

import io.openshell.model.http.BadPathException;
import io.openshell.model.http.CanonicalPath;
import io.openshell.model.egress.CompiledPolicy;
import io.openshell.model.egress.DestinationCheck;
import io.openshell.model.egress.DestinationPlanner;
import io.openshell.model.egress.DestinationVerdict;
import io.openshell.model.egress.EgressEvaluator;
import io.openshell.model.egress.EgressRequest;
import io.openshell.model.egress.EgressVerdict;
import io.openshell.model.egress.HttpRequest;
import io.openshell.model.egress.ReasonCode;
import io.openshell.model.egress.RequestScope;
import io.openshell.model.egress.RequestVerdict;
import io.openshell.model.policy.IpLiteral;
import java.net.InetAddress;
import java.util.List;
import java.util.Optional;

/**
 * Judges a request as the proxy would: the connection, then the addresses as far as they are known, then the request as far as
 * it is known. Pure. What was left out of a recorded query is judged as it was recorded.
 */
public final class PolicyReview {
    private PolicyReview() {}

    /** What the policy says about the request. */
    public static Judgement judge(CompiledPolicy policy, RecordedRequest request) {
        EgressRequest connection = new EgressRequest(request.host(), request.port(), request.caller());
        return switch (EgressEvaluator.evaluate(policy, connection)) {
            case EgressVerdict.Denied denied -> denied(denied.code(), denied.reason());
            case EgressVerdict.Allowed allowed -> destination(policy, connection, addresses(request))
                    .or(() -> request(RequestScope.of(policy, connection), request))
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
            case DestinationVerdict.Blocked blocked -> Optional.of(denied(blocked.code(), blocked.kind()));
        };
    }

    private static Optional<Judgement> request(RequestScope scope, RecordedRequest request) {
        if (!request.isHttp() || !scope.judges()) {
            return Optional.empty();
        }
        HttpRequest plain;
        try {
            plain = new HttpRequest(request.method(), CanonicalPath.of(request.path()), request.query(), kind(request));
        } catch (BadPathException bad) {
            return Optional.of(denied(ReasonCode.REQUEST_MALFORMED, String.valueOf(bad.getMessage())));
        }
        RequestVerdict verdict = scope.judge(plain);
        boolean upgrades = verdict instanceof RequestVerdict.Denied denied
                && denied.code() == ReasonCode.UPGRADE_REQUIRED && plain.method().equalsIgnoreCase("GET");
        // The record does not tell an upgrade from a plain GET; where only upgrades pass it must have been one.
        return judgement(upgrades
                ? scope.judge(new HttpRequest(plain.method(), plain.path(), plain.query(), HttpRequest.Kind.UPGRADE)) : verdict);
    }

    private static HttpRequest.Kind kind(RecordedRequest request) {
        return request.method().equals(HttpRequest.WEBSOCKET_TEXT) ? HttpRequest.Kind.MESSAGE : HttpRequest.Kind.PLAIN;
    }

    private static Optional<Judgement> judgement(RequestVerdict verdict) {
        return Optional.of(switch (verdict) {
            case RequestVerdict.Allowed allowed -> new Judgement.Allowed(allowed.policyKey());
            case RequestVerdict.Audited audited -> new Judgement.Allowed(audited.policyKey());
            case RequestVerdict.Denied denied -> new Judgement.Denied(denied.code(), denied.reason(), denied.nearest());
        });
    }

    private static Judgement denied(ReasonCode code, String reason) {
        return new Judgement.Denied(code, reason, Optional.empty());
    }
}
