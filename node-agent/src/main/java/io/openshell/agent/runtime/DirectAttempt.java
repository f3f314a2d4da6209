package io.openshell.agent.runtime;

import io.openshell.agent.identity.CallerResult;
import java.net.InetSocketAddress;

/**
 * A packet that a program of a sandbox sent past the proxy. It got nowhere.
 *
 * @param from the sender's end; port 0 where the protocol has none
 * @param to where it would have gone
 * @param caller whose it was
 * @param overlooked how many others since the last one told were refused without being looked into, because there were too many
 */
public record DirectAttempt(Transport transport, InetSocketAddress from, InetSocketAddress to, CallerResult caller, long overlooked) {
    /** Protocols told apart. */
    public enum Transport { TCP, UDP, OTHER }
}
