package io.openshell.model.review;

import io.openshell.model.egress.Caller;
import java.net.InetAddress;
import java.util.List;
import java.util.Objects;

/**
 * A request as it was once judged, or as it might be.
 *
 * @param host name or IP literal
 * @param port destination port
 * @param method HTTP method, empty for a tunnel whose requests were not seen
 * @param path path without query, empty for a tunnel whose requests were not seen
 * @param query query as far as it was recorded, empty when there was none
 * @param caller program that asked
 * @param addresses what the host resolved to, empty when it was not looked up
 */
public record RecordedRequest(
        String host, int port, String method, String path, String query, Caller caller, List<InetAddress> addresses) {
    /** A request without a query. */
    public RecordedRequest(String host, int port, String method, String path, Caller caller, List<InetAddress> addresses) {
        this(host, port, method, path, "", caller, addresses);
    }

    /** Refuses missing parts and keeps a copy. */
    public RecordedRequest {
        Objects.requireNonNull(host, "host");
        Objects.requireNonNull(method, "method");
        Objects.requireNonNull(path, "path");
        Objects.requireNonNull(query, "query");
        Objects.requireNonNull(caller, "caller");
        addresses = List.copyOf(addresses);
    }

    /** Whether the request itself is known, and not only the connection. */
    public boolean isHttp() {
        return !method.isEmpty();
    }
}
