package io.openshell.proxy;

import io.openshell.model.egress.HttpRequest;
import io.openshell.model.egress.RequestVerdict;
import io.openshell.proxy.http.BodyFraming;
import io.openshell.proxy.http.Hop;
import io.openshell.proxy.http.HttpUrl;
import io.openshell.proxy.http.RequestHead;
import io.openshell.proxy.http.TunnelTarget;
import java.util.Base64;
import java.util.List;

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
         */
        record Pass(Ask.Inner ask, HttpRequest request, RequestHead head, HttpUrl url, Finding finding, Hop.After after)
                implements Outcome {}

        /** It ends here, and so does the tunnel. */
        record Refuse(Ask.Inner ask, Refusal refusal) implements Outcome {}
    }

    private RequestGate() {}

    /** Decides about a strictly parsed request. */
    static Outcome decide(TunnelContext context, RequestHead head) {
        var key = context.grant().policyKey();
        return switch (TunnelTarget.of(head, context.authority(), context.defaultPort())) {
            case TunnelTarget.Misdirected misdirected ->
                new Outcome.Refuse(context.ask(head.method(), ""), Refusal.misdirected(key));
            case TunnelTarget.Malformed malformed ->
                new Outcome.Refuse(context.ask(head.method(), ""), Refusal.malformed(key, malformed.reason()));
            case TunnelTarget.BadPath bad ->
                new Outcome.Refuse(context.ask(head.method(), ""), Refusal.badPath(key, bad.reason()));
            case TunnelTarget.Good good -> directed(context, head, good.url());
        };
    }

    private static Outcome directed(TunnelContext context, RequestHead head, HttpUrl url) {
        var ask = context.ask(head.method(), url.path());
        var key = context.grant().policyKey();
        if (head.wants("h2c")) {
            return new Outcome.Refuse(ask, Refusal.unsupported(ask.words(), key));
        }
        if (head.method().equals("CONNECT")) {
            return new Outcome.Refuse(ask, Refusal.malformed(key, "a tunnel within a tunnel"));
        }
        var kind = isUpgrade(head) ? HttpRequest.Kind.UPGRADE : HttpRequest.Kind.PLAIN;
        var request = new HttpRequest(head.method(), url.path(), url.query(), kind);
        var verdict = context.grant().passage().requests().judge(request);
        return switch (verdict) {
            case RequestVerdict.Denied denied ->
                new Outcome.Refuse(ask, Refusal.request(ask, context.grant().by(), denied));
            case RequestVerdict.Allowed allowed -> passed(context, ask, request, head, Finding.of(allowed));
            case RequestVerdict.Audited audited -> passed(context, ask, request, head, Finding.of(audited));
        };
    }

    private static Outcome passed(
            TunnelContext context, Ask.Inner ask, HttpRequest request, RequestHead head, Finding finding) {
        var after = switch (request.kind()) {
            case PLAIN, MESSAGE -> head.isPersistent() ? Hop.After.KEEP : Hop.After.CLOSE;
            case UPGRADE -> context.grant().passage().requests().judgesMessages(request.path())
                    ? Hop.After.PLAIN_WEBSOCKET : Hop.After.WEBSOCKET;
        };
        var sent = after == Hop.After.PLAIN_WEBSOCKET ? Hop.without(head, "Sec-WebSocket-Extensions") : head;
        var url = new HttpUrl(context.authority(), request.path(), request.query());
        return new Outcome.Pass(ask, request, sent, url, finding, after);
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
