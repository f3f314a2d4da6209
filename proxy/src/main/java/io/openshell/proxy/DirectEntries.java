package io.openshell.proxy;

/**
 * Descriptors of sockets in a sandbox's network namespace by which traffic comes that did not ask the proxy.
 *
 * @param streams listens; its connections have the address that was asked for as their own end
 * @param names datagram socket of policy DNS
 * @param nameStreams listens for policy DNS
 */
public record DirectEntries(int streams, int names, int nameStreams) {
    /** Refuses what is no descriptor. */
    public DirectEntries {
        if (streams < 0 || names < 0 || nameStreams < 0) {
            throw new IllegalArgumentException("not all are descriptors");
        }
    }
}
