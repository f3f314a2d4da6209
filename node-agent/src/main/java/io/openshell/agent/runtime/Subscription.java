package io.openshell.agent.runtime;

/** An attachment to a session's output. */
@FunctionalInterface
public interface Subscription extends AutoCloseable {
    /** No more calls to the listener start after this returns. */
    @Override
    void close();
}
