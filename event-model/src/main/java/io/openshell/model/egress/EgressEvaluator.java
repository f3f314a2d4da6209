package io.openshell.model.egress;

import io.openshell.model.policy.Inspection;
import io.openshell.model.policy.Learning;
import io.openshell.model.policy.NetworkEndpoint;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Collectors;

/** Decides whether a caller may open a connection. Pure: the same policy and request always give the same verdict. */
public final class EgressEvaluator {
    private static final String SYMLINK_HINT =
            "if the rule names a symbolic link, name the file it points to as well";

    private EgressEvaluator() {}

    /**
     * Decides one connection. Allowed only if one and the same rule names both the endpoint and the caller's executable or one of
     * its ancestors, and nothing asks for an inspection that is not available. Where the verdict says so, every request in the
     * connection must be decided as well, see {@link RequestScope}.
     */
    public static EgressVerdict evaluate(CompiledPolicy policy, EgressRequest request) {
        if (policy.isEmpty()) {
            return new EgressVerdict.Denied(ReasonCode.NO_NETWORK_POLICY, "network connections are not allowed by policy");
        }
        List<MatchedEndpoint> matches = policy.granting(request);
        if (matches.isEmpty()) {
            return policy.learns() ? learned(policy, request) : unmatched(policy, request);
        }
        return inspectionNeeded(policy, request, matches).orElseGet(() -> allowed(request, matches));
    }

    private static EgressVerdict allowed(EgressRequest request, List<MatchedEndpoint> matches) {
        MatchedEndpoint first = matches.getFirst();
        boolean declared = DestinationPlanner.declares(matches, request.host().toLowerCase(Locale.ROOT));
        boolean inspected = matches.stream().anyMatch(match -> match.endpoint().restrictsRequests());
        return new EgressVerdict.Allowed(first.ruleKey(), first, inspected, declared);
    }

    private static Optional<EgressVerdict> inspectionNeeded(
            CompiledPolicy policy, EgressRequest request, List<MatchedEndpoint> matches) {
        List<MatchedEndpoint> inspecting = matches.stream().filter(match -> match.endpoint().restrictsRequests()).toList();
        boolean readable = inspecting.stream()
                .anyMatch(match -> match.endpoint().inspection().map(InspectedEndpoint.SUPPORTED::contains).orElse(false));
        Optional<EgressVerdict> inspected = inspecting.stream().filter(match -> !readable).findFirst()
                .map(EgressEvaluator::unreadable);
        return inspected.or(() -> policy.mandatoryMiddleware(request.host())
                .map(key -> new EgressVerdict.Denied(ReasonCode.INSPECTION_UNAVAILABLE,
                        "middleware " + key + " must see every request to this host and is not available,"
                                + " so the connection is refused")));
    }

    private static EgressVerdict unreadable(MatchedEndpoint match) {
        String asked = "protocol " + protocol(match) + " asked for by rule " + match.ruleKey();
        return match.endpoint().inspection().equals(Optional.of(Inspection.SQL))
                ? new EgressVerdict.Denied(ReasonCode.PROTOCOL_UNSUPPORTED, asked + " cannot be inspected: statements are not read,"
                        + " so the connection is refused; an endpoint without protocol passes it unread")
                : new EgressVerdict.Denied(ReasonCode.INSPECTION_UNAVAILABLE,
                        "inspection of " + asked + " is not available, so the connection is refused");
    }

    private static String protocol(MatchedEndpoint match) {
        return match.endpoint().protocol().isEmpty() ? "(none named)" : match.endpoint().protocol();
    }

    /** Let through to be recorded; nobody has declared the host, so only public addresses will do. */
    private static EgressVerdict learned(CompiledPolicy policy, EgressRequest request) {
        Optional<String> guard = policy.mandatoryMiddleware(request.host());
        return guard.isPresent() || request.host().isEmpty() ? unmatched(policy, request)
                : new EgressVerdict.Allowed(Learning.KEY,
                        new MatchedEndpoint(Learning.KEY, NetworkEndpoint.plain(request.host(), request.port())), false, false);
    }

    private static EgressVerdict unmatched(CompiledPolicy policy, EgressRequest request) {
        List<String> naming = policy.naming(request);
        if (naming.isEmpty()) {
            return new EgressVerdict.Denied(ReasonCode.ENDPOINT_NOT_ALLOWED,
                    "endpoint " + request.host() + ":" + request.port() + " is not allowed by any policy");
        }
        String reason = naming.stream().map(key -> callerReason(key, request.caller())).collect(Collectors.joining("; "));
        return new EgressVerdict.Denied(ReasonCode.BINARY_NOT_ALLOWED, reason);
    }

    private static String callerReason(String key, Caller caller) {
        return "binary '" + caller.executable() + "' is not allowed in policy '" + key + "' (ancestors: ["
                + String.join(" -> ", caller.ancestors()) + "], command line: ["
                + String.join(", ", caller.commandLinePaths()) + "]; " + SYMLINK_HINT + ")";
    }
}
