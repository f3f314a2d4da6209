package io.openshell.proxy;

import io.openshell.proxy.http.Authority;

/**
 * What is known about every request of one tunnel.
 *
 * @param grant the decision that opened it
 * @param authority where it goes
 * @param secure whether TLS was terminated
 */
record TunnelContext(Grant grant, Authority authority, boolean secure) {
    /** The same tunnel, with TLS taken off. */
    TunnelContext secured() {
        return new TunnelContext(grant, authority, true);
    }

    int defaultPort() {
        return secure ? 443 : 80;
    }

    Ask.Inner ask(String method, String path) {
        return ask(method, path, "");
    }

    Ask.Inner ask(String method, String path, String query) {
        return new Ask.Inner(method, authority, secure, Redaction.of(path), RecordedQuery.of(query));
    }
}
