package io.openshell.gateway.session;

import io.openshell.gateway.grpc.Exchange;
import io.vertx.core.Context;
import io.vertx.core.streams.WriteStream;
import java.util.Optional;
import java.util.function.Function;

/**
 * Moves messages from one call to another, each on its own event loop. Holds one message at a time: the next is read
 * only once the other side has room, so a slow reader slows the writer and nothing piles up here.
 *
 * @param <A> messages read
 * @param <B> messages written
 */
final class Pump<A, B> {

    private final Exchange<A, ?> from;
    private final WriteStream<B> to;
    private final Context toContext;
    private final Function<A, Optional<B>> mapping;

    /** {@code mapping} runs on the reading side's event loop; empty drops the message. */
    Pump(Exchange<A, ?> from, WriteStream<B> to, Context toContext, Function<A, Optional<B>> mapping) {
        this.from = from;
        this.to = to;
        this.toContext = toContext;
        this.mapping = mapping;
    }

    /** Starts on the reading side's event loop; its request must be paused. {@code ended} runs there as well. */
    void start(Runnable ended) {
        from.request().handler(message -> {
            Optional<B> mapped = mapping.apply(message);
            if (mapped.isPresent()) {
                toContext.runOnContext(nothing -> write(mapped.get()));
            } else {
                next();
            }
        });
        from.request().endHandler(nothing -> ended.run());
        next();
    }

    private void write(B message) {
        to.write(message);
        if (to.writeQueueFull()) {
            to.drainHandler(nothing -> {
                to.drainHandler(null);
                next();
            });
        } else {
            next();
        }
    }

    private void next() {
        from.context().runOnContext(nothing -> from.request().fetch(1));
    }
}
