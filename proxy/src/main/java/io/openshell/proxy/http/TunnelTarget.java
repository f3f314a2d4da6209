package io.openshell.proxy.http;

import io.openshell.model.http.BadPathException;
import io.openshell.model.http.CanonicalPath;

/** Where a request within a tunnel goes, if it goes where the tunnel does. */
public sealed interface TunnelTarget {
    /**
     * It goes through the tunnel.
     *
     * @param url the tunnel's authority with the request's path and query
     */
    record Good(HttpUrl url) implements TunnelTarget {}

    /** It names another host or port than the tunnel was allowed for. */
    record Misdirected() implements TunnelTarget {}

    /**
     * Its path has no single meaning.
     *
     * @param reason why
     */
    record BadPath(String reason) implements TunnelTarget {}

    /**
     * It cannot be read.
     *
     * @param reason why
     */
    record Malformed(String reason) implements TunnelTarget {}

    /**
     * Reads the target of a request.
     *
     * @param head a strictly parsed head
     * @param tunnel where the tunnel goes
     * @param defaultPort the port meant by an authority without one
     * @return what it asks for
     */
    static TunnelTarget of(RequestHead head, Authority tunnel, int defaultPort) {
        try {
            for (var field : head.fields()) {
                if (field.is("Host") && !same(Authority.parse(field.value(), defaultPort), tunnel)) {
                    return new Misdirected();
                }
            }
            var target = head.target();
            int scheme = target.indexOf("://");
            boolean absolute = scheme > 0 && target.charAt(0) != '/';
            if (absolute) {
                int end = firstOf(target, scheme + 3);
                if (!same(Authority.parse(target.substring(scheme + 3, end), defaultPort), tunnel)) {
                    return new Misdirected();
                }
                target = target.substring(end);
            }
            return origin(target, tunnel);
        } catch (MalformedHttpException malformed) {
            return new Malformed(String.valueOf(malformed.getMessage()));
        } catch (BadPathException bad) {
            return new BadPath(String.valueOf(bad.getMessage()));
        }
    }

    private static TunnelTarget origin(String target, Authority tunnel) throws BadPathException {
        int question = target.indexOf('?');
        var path = question < 0 ? target : target.substring(0, question);
        var query = question < 0 ? "" : target.substring(question);
        if (query.indexOf('#') >= 0) {
            return new Malformed("the target has a fragment");
        }
        return new Good(new HttpUrl(tunnel, CanonicalPath.of(path), query));
    }

    private static int firstOf(String text, int from) {
        int index = from;
        while (index < text.length() && text.charAt(index) != '/' && text.charAt(index) != '?') {
            index++;
        }
        return index;
    }

    private static boolean same(Authority one, Authority other) {
        return one.port() == other.port() && undotted(one.host()).equals(undotted(other.host()));
    }

    private static String undotted(String host) {
        return host.endsWith(".") ? host.substring(0, host.length() - 1) : host;
    }
}
