package io.openshell.proxy;

import io.openshell.model.egress.CompiledPolicy;
import io.openshell.model.egress.EgressRequest;
import io.openshell.model.egress.HttpRequest;
import io.openshell.model.egress.ReasonCode;
import io.openshell.model.egress.RequestScope;
import io.openshell.model.http.Json;
import io.openshell.model.inference.InferenceRoutes;
import io.openshell.model.policy.NetworkEndpoint;
import io.openshell.model.policy.NetworkRule;
import io.openshell.model.policy.PolicyDocument;
import io.openshell.proxy.credential.FilledRequest;
import io.openshell.proxy.credential.MarkerScan;
import io.openshell.proxy.http.BodyFraming;
import io.openshell.proxy.http.Field;
import io.openshell.proxy.http.Hop;
import io.openshell.proxy.http.HttpUrl;
import io.openshell.proxy.http.RequestHead;
import io.openshell.proxy.http.TunnelTarget;
import io.openshell.proxy.inference.InferenceRoute;
import io.openshell.proxy.inference.ModelMember;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Decides about requests to {@code inference.local}: only requests for models pass, with the route's model and key. Pure. */
final class InferenceGate {
    /** Largest body, in bytes. */
    static final long LIMIT = 10L << 20;

    private static final String KEY = InferenceRoutes.USER;
    private static final String ENGINE = "inference";
    private static final Set<String> COMPLETIONS =
            Set.of("/v1/chat/completions", "/v1/completions", "/v1/responses", "/v1/embeddings");
    /** Whose answers may come as streams of events. */
    private static final Set<String> STREAMED =
            Set.of("/v1/chat/completions", "/v1/completions", "/v1/responses", "/v1/messages");
    private static final Set<String> KEPT = Set.of("content-type", "accept", "accept-encoding", "user-agent",
            "openai-organization", "x-model-id", "anthropic-version", "anthropic-beta", "connection");
    private static final String ANTHROPIC_VERSION = "2023-06-01";

    /** What makes a tunnel to it one whose requests are all read. */
    private static final CompiledPolicy READING = CompiledPolicy.compile(PolicyDocument.empty().withNetworkPolicies(Map.of(KEY,
            new NetworkRule(KEY, List.of(NetworkEndpoint.builder(KEY, 443).protocol("rest").access("full").build()), List.of()))));

    private InferenceGate() {}

    static RequestScope scope(Identified.Known by) {
        return RequestScope.of(READING, new EgressRequest(KEY, 443, by.caller()));
    }

    static Finding allowed() {
        return new Finding(true, KEY, ENGINE, Optional.empty(), "");
    }

    /** As {@link RequestGate#decide}; {@code route} is the one of now. */
    static RequestGate.Outcome decide(
            TunnelContext context, RequestHead head, Optional<byte[]> body, Optional<InferenceRoute> route) {
        if (!(TunnelTarget.of(head, context.authority(), context.defaultPort()) instanceof TunnelTarget.Good good)) {
            return refused(context.ask(head.method(), ""), 403, "connection not allowed by policy", "it is for another host");
        }
        var ask = context.ask(head.method(), good.url().path(), good.url().query());
        boolean same = route.filter(now -> now.authority().equals(context.grant().upstream())).isPresent();
        if (!same) {
            return refused(ask, 503, "inference service unavailable", "the route leads elsewhere now; connect again");
        }
        return recognised(ask, head, good.url(), body, route.get());
    }

    private static RequestGate.Outcome recognised(
            Ask.Inner ask, RequestHead head, HttpUrl url, Optional<byte[]> body, InferenceRoute route) {
        var path = url.path();
        boolean models = head.method().equals("GET") && (path.equals("/v1/models") || path.startsWith("/v1/models/"));
        boolean completion = head.method().equals("POST") && COMPLETIONS.contains(path);
        boolean message = head.method().equals("POST") && path.equals("/v1/messages");
        if (!models && !completion && !message) {
            return refused(ask, 403, "connection not allowed by policy", "only requests for models are sent on");
        }
        if (completion && route.anthropic() || message && !route.anthropic()) {
            return refused(ask, 400, "no route for this protocol", "the route's provider speaks another protocol");
        }
        if (route.key().isEmpty()) {
            return refused(ask, 401, "inference credentials unavailable", "the route's provider has no key");
        }
        if (models) {
            return head.framing() instanceof BodyFraming.None
                    ? passed(ask, head, url, Optional.empty(), route)
                    : refused(ask, 400, "invalid request", "a list of models takes no body");
        }
        return body.isEmpty()
                ? new RequestGate.Outcome.Collect(ask, head, new RequestScope.BodyNeed(Optional.empty(), LIMIT))
                : withModel(ask, head, url, body.get(), route);
    }

    private static RequestGate.Outcome withModel(
            Ask.Inner ask, RequestHead head, HttpUrl url, byte[] body, InferenceRoute route) {
        if (MarkerScan.isIn(body)) {
            return refused(ask, 400, "invalid request", FilledRequest.LEFT_OVER);
        }
        var text = new String(body, StandardCharsets.UTF_8);
        return Json.parse(text).filter(Json.Members.class::isInstance)
                .flatMap(object -> ModelMember.set(text, route.model()))
                .map(sent -> passed(ask, head, url, Optional.of(sent.getBytes(StandardCharsets.UTF_8)), route))
                .orElseGet(() -> refused(ask, 400, "invalid request", "the body is no JSON object with one model"));
    }

    private static RequestGate.Outcome passed(
            Ask.Inner ask, RequestHead head, HttpUrl url, Optional<byte[]> body, InferenceRoute route) {
        List<Field> fields = new ArrayList<>();
        head.fields().stream().filter(field -> KEPT.contains(field.name().toLowerCase(Locale.ROOT))).forEach(fields::add);
        if (route.anthropic() && head.all("anthropic-version").isEmpty()) {
            fields.add(new Field("anthropic-version", ANTHROPIC_VERSION));
        }
        var kept = new RequestHead(head.method(), head.target(), head.version(), fields, new BodyFraming.None());
        if (FilledRequest.isMarked(kept)) {
            return refused(ask, 400, "invalid request", FilledRequest.LEFT_OVER);
        }
        fields.add(new Field(route.keyHeader(), route.keyScheme() + route.key().orElseThrow().text()));
        var keyed = new RequestHead(head.method(), head.target(), head.version(), fields, new BodyFraming.None());
        var sent = body.map(bytes -> Hop.withLength(keyed, bytes.length)).orElse(keyed);
        var request = new HttpRequest(head.method(), url.path(), url.query(), HttpRequest.Kind.PLAIN);
        return new RequestGate.Outcome.Pass(ask, request, sent, new HttpUrl(route.authority(), mapped(route, url.path()), url.query()),
                allowed(), head.isPersistent() ? Hop.After.KEEP : Hop.After.CLOSE, body, true,
                Optional.of(STREAMED.contains(url.path()) ? route.limits() : route.limits().unstreamed()));
    }

    /** A base that ends in the version has it already. */
    private static String mapped(InferenceRoute route, String path) {
        return route.basePath() + (route.basePath().endsWith("/v1") || route.basePath().contains("/v1/")
                ? path.substring("/v1".length()) : path);
    }

    static RequestGate.Outcome refused(Ask.Inner ask, int status, String error, String detail) {
        return new RequestGate.Outcome.Refuse(ask, new Refusal(new Reply.Json(status, error, detail, Optional.empty()),
                Finding.denied(KEY, ENGINE, ReasonCode.REQUEST_NOT_ALLOWED, detail)));
    }
}
