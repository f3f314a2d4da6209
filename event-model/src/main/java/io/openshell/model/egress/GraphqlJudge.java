package io.openshell.model.egress;

import io.openshell.model.policy.Inspection;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** Decides about GraphQL requests. Every operation of a batch must be allowed. */
final class GraphqlJudge {
    private static final int LONGEST_NAME = 128;

    private final List<InspectedEndpoint> selected;
    private final InspectedEndpoint leading;
    private final HttpRequest request;

    private GraphqlJudge(List<InspectedEndpoint> selected, HttpRequest request) {
        this.selected = selected;
        this.leading = selected.getFirst();
        this.request = request;
    }

    /** The endpoints are those that cover the path, the leading one first. */
    static RequestVerdict judge(
            List<InspectedEndpoint> selected, HttpRequest request, QueryValues query, Optional<byte[]> body) {
        return new GraphqlJudge(selected, request).judge(query, body);
    }

    /** Decides about one text message of a WebSocket. */
    static RequestVerdict judge(List<InspectedEndpoint> selected, HttpRequest message, byte[] text) {
        GraphqlJudge judge = new GraphqlJudge(selected, message);
        return switch (GraphqlMessage.of(text)) {
            case GraphqlMessage.Plain plain -> new RequestVerdict.Allowed(judge.leading.ruleKey(), plain.type());
            case GraphqlMessage.Begins begins -> judge.read(begins.operation());
            case GraphqlMessage.Bad bad -> judge.rejected(bad.reason());
        };
    }

    private RequestVerdict judge(QueryValues query, Optional<byte[]> body) {
        boolean filled = body.filter(bytes -> bytes.length > 0).isPresent();
        if (request.method().equals("GET") && !filled) {
            return read(GraphqlBody.ofGet(query));
        }
        if (!request.method().equals("POST") || !filled) {
            return rejected("operations are sent with GET, or with POST and a body");
        }
        byte[] bytes = body.orElseThrow();
        return bytes.length > leading.graphql().limit()
                ? rejected("the body is larger than " + leading.graphql().limit() + " bytes")
                : read(GraphqlBody.ofPost(bytes, query));
    }

    private RequestVerdict read(GraphqlBody body) {
        return switch (body) {
            case GraphqlBody.Bad bad -> rejected(bad.reason());
            case GraphqlBody.Good good -> calls(good.calls());
        };
    }

    /** Holds in audit too: nobody knows what would be passed on. */
    private RequestVerdict rejected(String reason) {
        return new RequestVerdict.Denied(leading.ruleKey(), ReasonCode.REQUEST_MALFORMED,
                "GraphQL request rejected: " + reason, Optional.empty());
    }

    private RequestVerdict calls(List<GraphqlCall> calls) {
        Optional<RequestVerdict> audited = Optional.empty();
        String rule = "";
        for (GraphqlCall call : calls) {
            Optional<GraphqlCall.Written> written = written(call);
            if (written.isEmpty()) {
                return new RequestVerdict.Denied(leading.ruleKey(), ReasonCode.REQUEST_NOT_ALLOWED,
                        "GraphQL persisted query is not registered", Optional.empty());
            }
            switch (one(written.get())) {
                case RequestVerdict.Denied denied -> {
                    return denied;
                }
                case RequestVerdict.Audited passing -> audited = Optional.of(audited.orElse(passing));
                case RequestVerdict.Allowed allowed -> rule = allowed.rule();
            }
        }
        return audited.orElse(new RequestVerdict.Allowed(leading.ruleKey(), rule));
    }

    private Optional<GraphqlCall.Written> written(GraphqlCall call) {
        return switch (call) {
            case GraphqlCall.Written written -> Optional.of(written);
            case GraphqlCall.Stored stored -> stored.ids().stream()
                    .flatMap(id -> Optional.ofNullable(leading.graphql().registry().get(id)).stream()).findFirst()
                    .map(known -> new GraphqlCall.Written(
                            known.operationType(), known.operationName(), Set.copyOf(known.fields())));
        };
    }

    private RequestVerdict one(GraphqlCall.Written call) {
        for (InspectedEndpoint endpoint : alike()) {
            for (GraphqlRules.Rule rule : endpoint.graphql().deny()) {
                if (rule.denies(call)) {
                    return refused(ReasonCode.REQUEST_DENIED_BY_RULE, call, "blocked by deny rule",
                            Optional.of(new NearestRule(endpoint.ruleKey(), rule.text(), NearestRule.Miss.NONE)));
                }
            }
        }
        for (InspectedEndpoint endpoint : alike()) {
            for (GraphqlRules.Rule rule : endpoint.graphql().allow()) {
                if (rule.allows(call)) {
                    return new RequestVerdict.Allowed(endpoint.ruleKey(), rule.text());
                }
            }
        }
        return refused(ReasonCode.REQUEST_NOT_ALLOWED, call, "not permitted by policy", nearest(call));
    }

    private RequestVerdict refused(ReasonCode code, GraphqlCall.Written call, String why, Optional<NearestRule> nearest) {
        String text = call.toString();
        String shown = text.length() <= LONGEST_NAME ? text : text.substring(0, LONGEST_NAME) + "...";
        String reason = request.method() + " " + request.path() + " GraphQL operation " + shown + " " + why;
        return RequestScope.refused(selected, code, reason, nearest);
    }

    private List<InspectedEndpoint> alike() {
        return selected.stream().filter(endpoint -> endpoint.inspection().equals(leading.inspection())).toList();
    }

    /** A rule about such operations that misses a field says more than one about others. */
    private Optional<NearestRule> nearest(GraphqlCall.Written call) {
        Optional<NearestRule> other = Optional.empty();
        for (InspectedEndpoint endpoint : alike()) {
            for (GraphqlRules.Rule rule : endpoint.graphql().allow()) {
                var found = new NearestRule(endpoint.ruleKey(), rule.text(), NearestRule.Miss.METHOD);
                if (rule.isAbout(call)) {
                    return Optional.of(found);
                }
                other = other.isEmpty() ? Optional.of(found) : other;
            }
        }
        return other;
    }
}
