package io.openshell.projection;

/** Somebody who is told about changes until it is closed. Closing twice is fine. */
public interface Subscription extends AutoCloseable {

    @Override
    void close();
}
