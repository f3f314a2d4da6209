package io.openshell.model.egress;

import io.openshell.model.policy.Inspection;
import java.util.List;
import java.util.Optional;

/** Decides about requests that carry JSON-RPC. Every call of a batch must be allowed. */
final class RpcJudge {
    private static final int LONGEST_NAME = 128;

    private final List<InspectedEndpoint> selected;
    private final InspectedEndpoint leading;
    private final HttpRequest request;

    private RpcJudge(List<InspectedEndpoint> selected, HttpRequest request) {
        this.selected = selected;
        this.leading = selected.getFirst();
        this.request = request;
    }

    /** The endpoints are those that cover the path, the leading one first. */
    static RequestVerdict judge(List<InspectedEndpoint> selected, HttpRequest request, Optional<byte[]> body) {
        return new RpcJudge(selected, request).judge(body);
    }

    private RequestVerdict judge(Optional<byte[]> body) {
        boolean mcp = leading.inspection().equals(Optional.of(Inspection.MCP));
        boolean session = request.kind() == HttpRequest.Kind.EVENT_STREAM || request.kind() == HttpRequest.Kind.SESSION_END;
        if (mcp && session) {
            return new RequestVerdict.Allowed(leading.ruleKey(), "mcp session");
        }
        if (!request.method().equals("POST") || body.isEmpty()) {
            return rejected("calls are made with POST and a body");
        }
        if (body.get().length > leading.rpc().limit()) {
            return rejected("the body is larger than " + leading.rpc().limit() + " bytes");
        }
        return switch (RpcBody.parse(body.get(), mcp)) {
            case RpcBody.Bad bad -> rejected(bad.reason());
            case RpcBody.Good good when good.answers() && !mcp -> rejected("response frames are not permitted");
            case RpcBody.Good good -> calls(good.calls());
        };
    }

    /** Holds in audit too: nobody knows what would be passed on. */
    private RequestVerdict rejected(String reason) {
        return new RequestVerdict.Denied(leading.ruleKey(), ReasonCode.REQUEST_MALFORMED,
                "JSON-RPC request rejected: " + reason, Optional.empty());
    }

    private RequestVerdict calls(List<RpcCall> calls) {
        String rule = "answer";
        for (RpcCall call : calls) {
            if (leading.rpc().strictNames() && call.tool().map(name -> !isUsual(name)).orElse(false)) {
                return rejected("an unusual name of a tool");
            }
            Optional<NearestRule> deny = denying(call);
            if (deny.isPresent()) {
                return refused(ReasonCode.REQUEST_DENIED_BY_RULE, call, "blocked by deny rule", deny);
            }
            Optional<String> allow = allowing(call);
            if (allow.isEmpty()) {
                return refused(ReasonCode.REQUEST_NOT_ALLOWED, call, "not permitted by policy", nearest());
            }
            rule = allow.get();
        }
        return new RequestVerdict.Allowed(leading.ruleKey(), rule);
    }

    private RequestVerdict refused(ReasonCode code, RpcCall call, String why, Optional<NearestRule> nearest) {
        String reason = request.method() + " " + request.path() + " " + shortened(call.toString()) + " " + why;
        return RequestScope.refused(selected, code, reason, nearest);
    }

    private static String shortened(String text) {
        return text.length() <= LONGEST_NAME ? text : text.substring(0, LONGEST_NAME) + "...";
    }

    private List<InspectedEndpoint> alike() {
        return selected.stream().filter(endpoint -> endpoint.inspection().equals(leading.inspection())).toList();
    }

    private Optional<NearestRule> denying(RpcCall call) {
        return alike().stream().flatMap(endpoint -> endpoint.rpc().deny().stream().filter(rule -> rule.covers(call))
                .map(rule -> new NearestRule(endpoint.ruleKey(), rule.text(), NearestRule.Miss.NONE))).findFirst();
    }

    private Optional<String> allowing(RpcCall call) {
        for (InspectedEndpoint endpoint : alike()) {
            if (endpoint.rpc().allowsUnruled(call)) {
                return Optional.of("allow_all_known_mcp_methods");
            }
            for (RpcRules.Rule rule : endpoint.rpc().allow()) {
                if (rule.covers(call)) {
                    return Optional.of(rule.text());
                }
            }
        }
        return Optional.empty();
    }

    private Optional<NearestRule> nearest() {
        return alike().stream().flatMap(endpoint -> endpoint.rpc().allow().stream()
                .map(rule -> new NearestRule(endpoint.ruleKey(), rule.text(), NearestRule.Miss.METHOD))).findFirst();
    }

    private static boolean isUsual(String name) {
        return name.length() <= LONGEST_NAME && name.chars().allMatch(c -> c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z'
                || c >= '0' && c <= '9' || c == '_' || c == '.' || c == '-');
    }
}
