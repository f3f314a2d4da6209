package io.openshell.proxy;

import io.openshell.model.egress.ReasonCode;
import java.net.InetSocketAddress;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/**
 * Finds the process behind one accepted connection.
 *
 * <p>Called on a worker thread of {@link ProxyEventLoops}, never on an event loop, so an implementation may block. An answer
 * later than {@link ProxyLimits#identification()}, a failed stage, a null and a thrown exception all deny the connection.
 */
@FunctionalInterface
public interface CallerIdentification {
    /**
     * Starts the look-up.
     *
     * @param workload the client's end of the connection
     * @param proxy the proxy's end of the same connection
     * @return who called, or why that could not be told
     */
    CompletionStage<Identified> identify(InetSocketAddress workload, InetSocketAddress proxy);

    /**
     * The answer at once, where that takes no longer than handing the question to another thread would. Called on an event loop
     * before {@link #identify}, which is asked when this is empty or fails.
     *
     * @param workload the client's end of the connection
     * @param proxy the proxy's end of the same connection
     * @return the same as {@link #identify} would answer, or empty
     */
    default Optional<Identified> identifySoon(InetSocketAddress workload, InetSocketAddress proxy) {
        return Optional.empty();
    }

    /**
     * Starts the look-up for the sender of a datagram.
     *
     * @param workload the sender's end
     * @param proxy where it arrived
     * @return who sent it, or why that could not be told
     */
    default CompletionStage<Identified> identifyDatagram(InetSocketAddress workload, InetSocketAddress proxy) {
        return CompletableFuture.completedStage(
                new Identified.Unknown(ReasonCode.IDENTITY_UNKNOWN, "senders of datagrams are not looked for"));
    }
}
