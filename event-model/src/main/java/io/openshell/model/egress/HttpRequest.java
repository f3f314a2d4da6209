package io.openshell.model.egress;

import io.openshell.model.http.BadPathException;
import io.openshell.model.http.CanonicalPath;

/**
 * One HTTP request as rules see it.
 *
 * @param method the method, in any letter case; {@link #WEBSOCKET_TEXT} for a text message
 * @param path canonical path, see {@link CanonicalPath}
 * @param query the query as sent, with or without its question mark; empty when there is none
 * @param kind what the request wants to become
 */
public record HttpRequest(String method, String path, String query, Kind kind) {
    /** The method that stands for a text message a client sends through a WebSocket. */
    public static final String WEBSOCKET_TEXT = "WEBSOCKET_TEXT";

    /** What a request wants to become. */
    public enum Kind {
        /** An exchange of one request and one response. */
        PLAIN,
        /** A WebSocket; the request is a valid upgrade. */
        UPGRADE,
        /** A text message within a WebSocket. */
        MESSAGE,
        /** A stream of what a server has to say: a GET without body that accepts event streams. */
        EVENT_STREAM,
        /** The end of a session: a DELETE without body that names the session. */
        SESSION_END
    }

    /**
     * A request that wants no upgrade.
     *
     * @param method the method
     * @param rawPath the path as sent, without query
     * @param query the query
     * @return the request with a canonical path
     * @throws BadPathException when the path has no single meaning
     */
    public static HttpRequest of(String method, String rawPath, String query) throws BadPathException {
        return new HttpRequest(method, CanonicalPath.of(rawPath), query, Kind.PLAIN);
    }

    /** A text message in the WebSocket that this upgrade opened. */
    public HttpRequest message() {
        return new HttpRequest(WEBSOCKET_TEXT, path, query, Kind.MESSAGE);
    }
}
