package io.openshell.proxy;

import java.net.InetAddress;
import java.util.List;
import java.util.concurrent.CompletionStage;

/**
 * Turns a host name into addresses. It is asked exactly once per connection, after the policy allowed the name; what it
 * answers is checked and then dialled, never looked up again.
 */
@FunctionalInterface
public interface Resolver {
    /**
     * Starts a look-up; called on an event loop, so it must not block.
     *
     * @param host a lower-case host name, not an address literal
     * @return the addresses, or a failed stage when there are none or time ran out; both deny
     */
    CompletionStage<List<InetAddress>> resolve(String host);
}
