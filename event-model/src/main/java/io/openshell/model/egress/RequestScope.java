package io.openshell.model.egress;

import io.openshell.model.http.CanonicalPath;
import io.openshell.model.middleware.BodyFilter;
import io.openshell.model.policy.Inspection;
import io.openshell.model.policy.Learning;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * Everything that judges the requests of one connection: the endpoints of all rules that match its destination and its caller.
 * Make it once per connection. Immutable, any thread.
 */
public final class RequestScope {
    private final String policyKey;
    private final List<InspectedEndpoint> endpoints;
    private final List<BodyFilter> filters;
    private final boolean learning;
    private final CredentialScope credentials;

    private RequestScope(String policyKey, List<InspectedEndpoint> endpoints, List<BodyFilter> filters, boolean learning,
            CredentialScope credentials) {
        this.learning = learning;
        this.credentials = credentials;
        this.filters = filters;
        this.policyKey = policyKey;
        this.endpoints = endpoints;
    }

    /**
     * The scope of a connection that {@link EgressEvaluator} allowed.
     *
     * @param policy the policy that allowed it
     * @param request the connection
     */
    public static RequestScope of(CompiledPolicy policy, EgressRequest request) {
        List<MatchedEndpoint> matches = policy.granting(request);
        String none = policy.learns() ? Learning.KEY : "-";
        String key = matches.isEmpty() ? none : matches.getFirst().ruleKey();
        return new RequestScope(key, policy.inspecting(request), policy.filters(request.host()), policy.learns(),
                CredentialScope.of(matches));
    }

    /** Whether every request must be read; otherwise bytes that are no requests may pass too. */
    public boolean judges() {
        return !endpoints.isEmpty() || isFilterRequired();
    }

    /** Whether there is something to do about requests where they can be read. */
    public boolean reads() {
        return judges() || !filters.isEmpty();
    }

    /** What the policy says about credentials in the requests. */
    public CredentialScope credentials() {
        return credentials;
    }

    /** What is done to the requests that are allowed, in order. */
    public List<BodyFilter> filters() {
        return filters;
    }

    /** Whether a middleware must see every request. */
    public boolean isFilterRequired() {
        return filters.stream().anyMatch(BodyFilter::failsClosed);
    }

    /** Whether text messages of a WebSocket opened at a path are judged one by one. */
    public boolean judgesMessages(String path) {
        List<InspectedEndpoint> selected = selected(path);
        return !selected.isEmpty() && selected.getFirst().inspection().equals(Optional.of(Inspection.WEBSOCKET));
    }

    /** The most bytes a text message may have that must be read to decide about it; empty where its bytes do not matter. */
    public OptionalLong messageNeeded(String path) {
        List<InspectedEndpoint> selected = selected(path);
        return selected.isEmpty() || !selected.getFirst().operations()
                ? OptionalLong.empty() : OptionalLong.of(selected.getFirst().graphql().limit());
    }

    /**
     * Decides one text message of a WebSocket that {@link #messageNeeded} asks for.
     *
     * @param message as {@link HttpRequest#message} makes it of the upgrade
     */
    public RequestVerdict judgeMessage(HttpRequest message, byte[] text) {
        List<InspectedEndpoint> selected = selected(message.path());
        Optional<QueryValues> query = QueryValues.parse(message.query());
        if (selected.isEmpty() || query.isEmpty()) {
            return judge(message);
        }
        return unlessDenied(selected, message, query.get(), GraphqlJudge.judge(selected, message, text));
    }

    /**
     * How much of a body must be read to decide about a request.
     *
     * @param inspection as what it is read to decide; empty when only middlewares want it
     * @param limit the most bytes it may have
     */
    public record BodyNeed(Optional<Inspection> inspection, long limit) {}

    /** Whether something can only be done about a request together with its body. */
    public Optional<BodyNeed> bodyNeeded(HttpRequest request) {
        Optional<BodyNeed> inspected = bodyInspected(request);
        return inspected.isPresent() || filters.isEmpty() ? inspected : Optional.of(new BodyNeed(Optional.empty(),
                filters.stream().mapToLong(filter -> filter.redactor().limit()).min().orElseThrow()));
    }

    private Optional<BodyNeed> bodyInspected(HttpRequest request) {
        List<InspectedEndpoint> selected = selected(request.path());
        if (selected.isEmpty()) {
            return Optional.empty();
        }
        InspectedEndpoint leading = selected.getFirst();
        if (leading.carriesGraphql()) {
            return Optional.of(new BodyNeed(Optional.of(Inspection.GRAPHQL), leading.graphql().limit()));
        }
        return leading.carriesRpc() && request.method().equals("POST")
                ? Optional.of(new BodyNeed(leading.inspection(), leading.rpc().limit())) : Optional.empty();
    }

    /** Decides one request without looking at a body; where {@link #bodyNeeded} says so, it is refused. */
    public RequestVerdict judge(HttpRequest request) {
        return judge(request, Optional.empty());
    }

    /**
     * Decides one request.
     *
     * @param body its body, for those that can only be decided with it
     */
    public RequestVerdict judge(HttpRequest request, Optional<byte[]> body) {
        if (endpoints.isEmpty()) {
            return policyKey.equals(Learning.KEY) ? learned("no rule is about this host") : new RequestVerdict.Allowed(policyKey, "");
        }
        RequestVerdict verdict = ruledOut(request, body);
        boolean missing = verdict instanceof RequestVerdict.Denied denied && denied.code() == ReasonCode.REQUEST_NOT_ALLOWED;
        return learning && missing ? learned(((RequestVerdict.Denied) verdict).reason()) : verdict;
    }

    private static RequestVerdict learned(String reason) {
        return new RequestVerdict.Audited(Learning.KEY, ReasonCode.REQUEST_NOT_ALLOWED, reason, Optional.empty());
    }

    private RequestVerdict ruledOut(HttpRequest request, Optional<byte[]> body) {
        List<InspectedEndpoint> selected = selected(request.path());
        if (selected.isEmpty()) {
            return new RequestVerdict.Denied(policyKey, ReasonCode.REQUEST_OUT_OF_SCOPE,
                    "no endpoint of this host covers the path " + request.path(), Optional.empty());
        }
        InspectedEndpoint leading = selected.getFirst();
        Optional<RequestVerdict> hard = unjudgeable(leading, request);
        if (hard.isPresent()) {
            return hard.get();
        }
        Optional<QueryValues> query = QueryValues.parse(request.query());
        if (query.isEmpty()) {
            return new RequestVerdict.Denied(leading.ruleKey(), ReasonCode.REQUEST_MALFORMED,
                    "the query is not well-formed", Optional.empty());
        }
        if (leading.carriesRpc()) {
            return unlessDenied(selected, request, query.get(), RpcJudge.judge(selected, request, body));
        }
        if (leading.carriesGraphql()) {
            return unlessDenied(selected, request, query.get(), GraphqlJudge.judge(selected, request, query.get(), body));
        }
        return ruled(selected, request, query.get());
    }

    /** The endpoints that cover a path, the most specific first; the order of the policy decides between equals. */
    private List<InspectedEndpoint> selected(String path) {
        if (endpoints.size() == 1) {
            return endpoints.getFirst().selects(path) ? endpoints : List.of();
        }
        List<InspectedEndpoint> selected = new ArrayList<>(endpoints.size());
        for (InspectedEndpoint endpoint : endpoints) {
            if (endpoint.selects(path)) {
                selected.add(endpoint);
            }
        }
        selected.sort((one, two) -> Integer.compare(two.specificity(), one.specificity()));
        return selected;
    }

    /** Refusals that hold in audit too, because nobody knows what would be passed on. */
    private static Optional<RequestVerdict> unjudgeable(InspectedEndpoint leading, HttpRequest request) {
        boolean websocket = leading.inspection().equals(Optional.of(Inspection.WEBSOCKET));
        if (!leading.isSupported()) {
            return denied(leading, ReasonCode.INSPECTION_UNAVAILABLE,
                    "inspection of protocol " + leading.protocol() + " is not available, so the request is refused");
        }
        if (request.path().contains(CanonicalPath.ENCODED_SLASH) && !leading.encodedSlash()) {
            return denied(leading, ReasonCode.REQUEST_MALFORMED, "the path has an encoded slash");
        }
        boolean upgrading = request.kind() == HttpRequest.Kind.UPGRADE || request.kind() == HttpRequest.Kind.MESSAGE;
        if (websocket && !upgrading) {
            return denied(leading, ReasonCode.UPGRADE_REQUIRED, "the endpoint takes WebSocket upgrades only");
        }
        if (leading.operations() && request.kind() == HttpRequest.Kind.MESSAGE) {
            return denied(leading, ReasonCode.INSPECTION_UNAVAILABLE,
                    "a GraphQL message can only be decided about as a whole");
        }
        return Optional.empty();
    }

    private static Optional<RequestVerdict> denied(InspectedEndpoint leading, ReasonCode code, String reason) {
        return Optional.of(new RequestVerdict.Denied(leading.ruleKey(), code, reason, Optional.empty()));
    }

    /** What a body says is allowed can still be a request that a rule about the whole path refuses. */
    private static RequestVerdict unlessDenied(
            List<InspectedEndpoint> selected, HttpRequest request, QueryValues query, RequestVerdict verdict) {
        if (!(verdict instanceof RequestVerdict.Allowed)) {
            return verdict;
        }
        Optional<NearestRule> deny = denying(selected, request.method().toUpperCase(Locale.ROOT), request.path(), query);
        return deny.isEmpty() ? verdict : refused(selected, ReasonCode.REQUEST_DENIED_BY_RULE,
                request.method() + " " + request.path() + " blocked by deny rule", deny);
    }

    private static RequestVerdict ruled(List<InspectedEndpoint> selected, HttpRequest request, QueryValues query) {
        InspectedEndpoint leading = selected.getFirst();
        String method = request.method().toUpperCase(Locale.ROOT);
        Optional<NearestRule> deny = denying(selected, method, request.path(), query);
        if (deny.isPresent()) {
            return refused(selected, ReasonCode.REQUEST_DENIED_BY_RULE,
                    request.method() + " " + request.path() + " blocked by deny rule", deny);
        }
        for (InspectedEndpoint endpoint : selected) {
            // An endpoint read as another protocol cannot vouch for what the leading one is about.
            for (CompiledRule rule : endpoint.inspection().equals(leading.inspection()) ? endpoint.allow() : List.<CompiledRule>of()) {
                if (rule.missAsAllow(method, request.path(), query) == NearestRule.Miss.NONE) {
                    return new RequestVerdict.Allowed(endpoint.ruleKey(), rule.text());
                }
            }
        }
        return refused(selected, ReasonCode.REQUEST_NOT_ALLOWED,
                request.method() + " " + request.path() + " not permitted by policy",
                Nearest.of(selected, method, request.path(), query));
    }

    private static Optional<NearestRule> denying(
            List<InspectedEndpoint> selected, String method, String path, QueryValues query) {
        for (InspectedEndpoint endpoint : selected) {
            for (CompiledRule rule : endpoint.deny()) {
                if (rule.denies(method, path, query)) {
                    return Optional.of(new NearestRule(endpoint.ruleKey(), rule.text(), NearestRule.Miss.NONE));
                }
            }
        }
        return Optional.empty();
    }

    /** Among equally specific endpoints one that enforces is enough. */
    static RequestVerdict refused(
            List<InspectedEndpoint> selected, ReasonCode code, String reason, Optional<NearestRule> nearest) {
        InspectedEndpoint leading = selected.getFirst();
        boolean enforcing = false;
        for (InspectedEndpoint endpoint : selected) {
            enforcing |= endpoint.specificity() == leading.specificity() && endpoint.enforcing();
        }
        return enforcing
                ? new RequestVerdict.Denied(leading.ruleKey(), code, reason, nearest)
                : new RequestVerdict.Audited(leading.ruleKey(), code, reason, nearest);
    }
}
