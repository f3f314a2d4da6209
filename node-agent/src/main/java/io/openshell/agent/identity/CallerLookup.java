package io.openshell.agent.identity;

import java.net.InetSocketAddress;

/** Finds who opened a connection. Blocks for microseconds to some tens of milliseconds (first hash of a large file). Thread safe. */
@FunctionalInterface
public interface CallerLookup {
    /**
     * Looks for the owner.
     *
     * @param workload the workload's side of the connection, as seen by the proxy
     * @param proxy the proxy's side
     */
    CallerResult find(InetSocketAddress workload, InetSocketAddress proxy);

    /**
     * Looks for the owner of the datagram socket that sends from {@code workload}.
     *
     * @param workload the sender's side
     * @param remote where a datagram went
     */
    default CallerResult findDatagram(InetSocketAddress workload, InetSocketAddress remote) {
        return new CallerResult.Unknown("owners of datagrams are not looked for");
    }
}
