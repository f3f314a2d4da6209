package io.openshell.proxy;

import io.openshell.model.egress.HttpRequest;
import io.openshell.model.egress.ReasonCode;
import io.openshell.model.egress.RequestScope;
import io.openshell.model.egress.RequestVerdict;
import io.openshell.model.policy.Inspection;
import io.openshell.proxy.credential.CredentialSet;
import io.openshell.proxy.http.BodyFraming;
import io.openshell.proxy.http.Hop;
import io.openshell.proxy.http.HttpUrl;
import io.openshell.proxy.http.RequestHead;
import io.openshell.proxy.http.TunnelTarget;
import io.openshell.proxy.inference.AnswerLimits;
import io.openshell.proxy.inference.InferenceRoute;
import java.time.Instant;
import java.util.Base64;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Supplier;

/** Decides about one request of a tunnel: where it really goes, what it wants to become, what the rules say. Pure. */
final class RequestGate {
    private static final int KEY_BYTES = 16;

    /** What follows for one request. */
    sealed interface Outcome {
        /** Where and what it is, for the verdict. */
        Ask.Inner ask();

        /**
         * It goes on.
         *
         * @param head what is sent, without what only concerns this hop
         * @param after what becomes of the connection
         * @param body the collected body as it is sent, where it was collected
         * @param filled whether secrets stand in it
         * @param answer bounds of its answer, where there are any of its own
         */
        record Pass(Ask.Inner ask, HttpRequest request, RequestHead head, HttpUrl url, Finding finding, Hop.After after,
                Optional<byte[]> body, boolean filled, Optional<AnswerLimits> answer) implements Outcome {

            /** With an answer of any length that takes as long as it does. */
            Pass(Ask.Inner ask, HttpRequest request, RequestHead head, HttpUrl url, Finding finding, Hop.After after,
                    Optional<byte[]> body, boolean filled) {
                this(ask, request, head, url, finding, after, body, filled, Optional.empty());
            }

            @Override
            public String toString() {
                return "Pass[" + ask + "]";
            }
        }

        /**
         * It can be decided only with its body.
         *
         * @param need how much of it
         */
        record Collect(Ask.Inner ask, RequestHead head, RequestScope.BodyNeed need) implements Outcome {}

        /** It ends here, and so does the tunnel. */
        record Refuse(Ask.Inner ask, Refusal refusal) implements Outcome {}
    }

    private RequestGate() {}

    /**
     * Decides about a strictly parsed request.
     *
     * @param body its body, once that was asked for
     * @param credentials what the sandbox may use now
     */
    static Outcome decide(TunnelContext context, RequestHead head, Optional<byte[]> body, Offered credentials) {
        if (context.grant().passage().route().isPresent()) {
            return InferenceGate.decide(context, head, body, credentials.route().get());
        }
        var key = context.grant().policyKey();
        return switch (TunnelTarget.of(head, context.authority(), context.defaultPort())) {
            case TunnelTarget.Misdirected misdirected ->
                new Outcome.Refuse(context.ask(head.method(), ""), Refusal.misdirected(key));
            case TunnelTarget.Malformed malformed ->
                new Outcome.Refuse(context.ask(head.method(), ""), Refusal.malformed(key, malformed.reason()));
            case TunnelTarget.BadPath bad ->
                new Outcome.Refuse(context.ask(head.method(), ""), Refusal.badPath(key, bad.reason()));
            case TunnelTarget.Good good -> directed(context, head, good.url(), new Given(body, credentials));
        };
    }

    /** A body beyond what may be collected. */
    static Outcome oversized(TunnelContext context, Outcome.Collect collect) {
        var why = "the body is larger than " + collect.need().limit() + " bytes";
        if (context.grant().passage().route().isPresent()) {
            return InferenceGate.refused(collect.ask(), 413, "request too large", why);
        }
        if (collect.need().inspection().isPresent()) {
            return rejected(context, collect.ask(), collect.need(), why);
        }
        return context.grant().passage().requests().filters().isEmpty()
                ? new Outcome.Refuse(collect.ask(), Refusal.noCredential(context, why))
                : BodyFilters.unread(context, collect.ask(), why);
    }

    private static Outcome rejected(TunnelContext context, Ask.Inner ask, RequestScope.BodyNeed need, String why) {
        var kind = need.inspection().equals(Optional.of(Inspection.GRAPHQL)) ? "GraphQL" : "JSON-RPC";
        var denied = new RequestVerdict.Denied(context.grant().policyKey(), ReasonCode.REQUEST_MALFORMED,
                kind + " request rejected: " + why, Optional.empty());
        return new Outcome.Refuse(ask, Refusal.request(ask, context.grant().by(), denied).by(engine(Optional.of(need))));
    }

    /** A body that its receiver reads in another way than as text in UTF-8 cannot be judged. */
    private static boolean isDisguised(RequestHead head) {
        return head.all("Content-Encoding").stream().anyMatch(coding -> !coding.equalsIgnoreCase("identity"))
                || head.all("Content-Type").stream().map(type -> type.toLowerCase(Locale.ROOT).replace("\"", ""))
                        .anyMatch(type -> type.startsWith("multipart/") || type.contains("charset=") && !type.contains("charset=utf-8"));
    }

    /** What the sandbox may use at this time. */
    record Offered(CredentialSet credentials, Supplier<Optional<InferenceRoute>> route, Instant now) {}

    /** What comes with a request. */
    private record Given(Optional<byte[]> body, Offered offered) {}

    private static Outcome directed(TunnelContext context, RequestHead head, HttpUrl url, Given given) {
        var body = given.body();
        var ask = context.ask(head.method(), url.path(), url.query());
        var key = context.grant().policyKey();
        if (head.wants("h2c")) {
            return new Outcome.Refuse(ask, Refusal.unsupported(ask.words(), key));
        }
        if (head.method().equals("CONNECT")) {
            return new Outcome.Refuse(ask, Refusal.malformed(key, "a tunnel within a tunnel"));
        }
        var kind = isUpgrade(head) ? HttpRequest.Kind.UPGRADE : plainKind(head);
        // Rules are about what is seen outside of the proxy, and a placeholder's name is not.
        var request = new HttpRequest(head.method(), Redaction.of(url.path()), Redaction.of(url.query()), kind);
        var requests = context.grant().passage().requests();
        var signed = SigningStage.bodyNeeded(context, request, head);
        var need = requests.bodyNeeded(request)
                .or(() -> signed)
                .or(() -> CredentialStage.bodyNeeded(context, given.offered().credentials(), request, head));
        boolean inspected = need.flatMap(RequestScope.BodyNeed::inspection).isPresent();
        if (inspected && isDisguised(head)) {
            return rejected(context, ask, need.get(), "its body is encoded or in parts");
        }
        if (need.isPresent() && body.isEmpty() && !(head.framing() instanceof BodyFraming.None)
                && (inspected || signed.isPresent() || BodyFilters.hindrance(head, need.get().limit()).isEmpty())) {
            return new Outcome.Collect(ask, head, need.get());
        }
        return judged(new Asked(context, ask, request, head, url, given.offered()), need, body);
    }

    /** A request with what is known about it. */
    record Asked(TunnelContext context, Ask.Inner ask, HttpRequest request, RequestHead head, HttpUrl url, Offered offered) {}

    private static Outcome judged(Asked asked, Optional<RequestScope.BodyNeed> need, Optional<byte[]> body) {
        var context = asked.context();
        var ask = asked.ask();
        var head = asked.head();
        var requests = context.grant().passage().requests();
        var sent = body.map(bytes -> Hop.withLength(head, bytes.length)).orElse(head);
        return switch (requests.judge(asked.request(), body)) {
            case RequestVerdict.Denied denied ->
                new Outcome.Refuse(ask, Refusal.request(ask, context.grant().by(), denied).by(engine(need)));
            case RequestVerdict.Allowed allowed ->
                passed(asked, sent, Finding.of(allowed).by(engine(need)), body);
            case RequestVerdict.Audited audited ->
                passed(asked, sent, Finding.of(audited).by(engine(need)), body);
        };
    }

    private static Optional<String> engine(Optional<RequestScope.BodyNeed> need) {
        return need.flatMap(RequestScope.BodyNeed::inspection).map(read -> Finding.L7 + "-" + read.text().replace("-", ""));
    }

    /** What a request that wants no upgrade is about, as far as its head shows. */
    static HttpRequest.Kind plainKind(RequestHead head) {
        boolean bodiless = head.framing() instanceof BodyFraming.None;
        if (bodiless && head.method().equals("GET")
                && head.all("Accept").stream().anyMatch(value -> value.contains("text/event-stream"))) {
            return HttpRequest.Kind.EVENT_STREAM;
        }
        boolean session = head.method().equals("DELETE") && head.all("Mcp-Session-Id").size() == 1;
        return bodiless && session ? HttpRequest.Kind.SESSION_END : HttpRequest.Kind.PLAIN;
    }

    private static Outcome passed(Asked asked, RequestHead head, Finding finding, Optional<byte[]> body) {
        var context = asked.context();
        var request = asked.request();
        var after = switch (request.kind()) {
            case PLAIN, MESSAGE, EVENT_STREAM, SESSION_END -> head.isPersistent() ? Hop.After.KEEP : Hop.After.CLOSE;
            case UPGRADE -> context.grant().passage().requests().judgesMessages(request.path())
                    || CredentialStage.watchesMessages(context, asked.offered().credentials(), request)
                    ? Hop.After.PLAIN_WEBSOCKET : Hop.After.WEBSOCKET;
        };
        var sent = after == Hop.After.PLAIN_WEBSOCKET ? Hop.without(head, "Sec-WebSocket-Extensions") : head;
        var filtered = BodyFilters.apply(context,
                new Outcome.Pass(asked.ask(), request, sent, asked.url(), finding, after, body, false));
        return filtered instanceof Outcome.Pass pass
                ? CredentialStage.signed(context, asked.offered(), pass)
                : filtered;
    }

    /** Whether this is a WebSocket upgrade as RFC 6455 wants it; anything less is a plain request. */
    static boolean isUpgrade(RequestHead head) {
        return head.wants("websocket")
                && head.method().equals("GET")
                && head.version().equals("HTTP/1.1")
                && head.framing() instanceof BodyFraming.None
                && head.hasMember("Connection", "upgrade")
                && head.all("Sec-WebSocket-Version").equals(List.of("13"))
                && isKey(head.all("Sec-WebSocket-Key"));
    }

    private static boolean isKey(List<String> values) {
        try {
            return values.size() == 1 && Base64.getDecoder().decode(values.getFirst()).length == KEY_BYTES;
        } catch (IllegalArgumentException notBase64) {
            return false;
        }
    }
}
