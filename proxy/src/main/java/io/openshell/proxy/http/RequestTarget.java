package io.openshell.proxy.http;

import io.openshell.model.http.BadPathException;
import java.util.Locale;

/** What a client of the proxy asks for. */
public sealed interface RequestTarget {

    /**
     * A tunnel.
     *
     * @param authority where to
     */
    record Tunnel(Authority authority) implements RequestTarget {}

    /**
     * A plain http request to forward.
     *
     * @param url where to
     */
    record Forward(HttpUrl url) implements RequestTarget {}

    /** A CONNECT without a usable authority: not worth an answer. */
    record Hopeless() implements RequestTarget {}

    /**
     * A target that cannot be read: a bare 400.
     *
     * @param reason why
     */
    record Unreadable(String reason) implements RequestTarget {}

    /** An https target in absolute form, which only a tunnel can serve. */
    record NeedsTunnel() implements RequestTarget {}

    /**
     * A target the proxy understands and does not serve: a 400 that says so.
     *
     * @param error short name of the error
     * @param detail what to do instead
     */
    record Unsupported(String error, String detail) implements RequestTarget {}

    /**
     * Reads the target of a request.
     *
     * @param head a strictly parsed head
     * @return what it asks for
     */
    static RequestTarget of(RequestHead head) {
        if (head.method().equals("CONNECT")) {
            return tunnel(head);
        }
        int scheme = head.target().indexOf("://");
        if (scheme < 1) {
            return new Unreadable("the target is not absolute");
        }
        return switch (head.target().substring(0, scheme).toLowerCase(Locale.ROOT)) {
            case "http" -> forward(head, head.target().substring(scheme + 3));
            case "https" -> new NeedsTunnel();
            case String other when isScheme(other) ->
                new Unsupported("unsupported_proxy_scheme", "only http targets can be forwarded");
            case String other -> new Unreadable("the target has no scheme");
        };
    }

    private static RequestTarget tunnel(RequestHead head) {
        try {
            boolean body = switch (head.framing()) {
                case BodyFraming.None none -> false;
                case BodyFraming.Length length -> length.bytes() > 0;
                case BodyFraming.Chunked chunked -> true;
                case BodyFraming.UntilClose untilClose -> true;
            };
            return body
                    ? new Unreadable("a CONNECT with a body")
                    : new Tunnel(Authority.parse(head.target(), -1));
        } catch (MalformedHttpException malformed) {
            return new Hopeless();
        }
    }

    private static RequestTarget forward(RequestHead head, String afterScheme) {
        try {
            var url = HttpUrl.parse(afterScheme);
            if (!hostAgrees(head, url.authority())) {
                return new Unreadable("the Host field names another authority than the target");
            }
            return new Forward(url);
        } catch (BadPathException bad) {
            return new Unsupported("invalid_request_target", String.valueOf(bad.getMessage()));
        } catch (MalformedHttpException malformed) {
            return new Unreadable(String.valueOf(malformed.getMessage()));
        }
    }

    private static boolean hostAgrees(RequestHead head, Authority authority) throws MalformedHttpException {
        for (var host : Syntax.values(head.fields(), "Host")) {
            if (!Authority.parse(host, 80).equals(authority)) {
                return false;
            }
        }
        return true;
    }

    private static boolean isScheme(String text) {
        return Character.isLetter(text.charAt(0))
                && text.chars().allMatch(c -> Syntax.isAlphanumeric(c) || c == '+' || c == '-' || c == '.');
    }
}
