package io.openshell.model.provider;

import io.openshell.model.policy.Glob;
import java.util.Comparator;

/**
 * A destination a credential may be sent to.
 *
 * @param host exact name or glob over names, in lower case
 * @param port destination port
 * @param path glob over paths; empty for all
 */
public record CredentialEndpoint(String host, int port, String path) implements Comparable<CredentialEndpoint> {

    /** Whether a request goes there; {@code path} is canonical, without the query. */
    public boolean covers(String toHost, int toPort, String toPath) {
        return reaches(toHost, toPort) && (path.isEmpty() || Glob.path(path).matches(toPath));
    }

    /** Whether some request to this host and port goes there. */
    public boolean reaches(String toHost, int toPort) {
        return toPort == port && (host.equalsIgnoreCase(toHost) || host.indexOf('*') >= 0 && Glob.host(host).matches(toHost));
    }

    @Override
    public int compareTo(CredentialEndpoint other) {
        return Comparator.comparing(CredentialEndpoint::host)
                .thenComparingInt(CredentialEndpoint::port)
                .thenComparing(CredentialEndpoint::path)
                .compare(this, other);
    }
}
