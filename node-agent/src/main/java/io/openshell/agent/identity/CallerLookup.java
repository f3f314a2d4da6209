package io.openshell.agent.identity;

import java.net.InetSocketAddress;
import java.util.Optional;

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
     * As {@link #find}, when that takes no longer than some hundred microseconds: no file has to be read and few processes have to
     * be searched. Otherwise empty.
     */
    default Optional<CallerResult> findSoon(InetSocketAddress workload, InetSocketAddress proxy) {
        return Optional.empty();
    }

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
