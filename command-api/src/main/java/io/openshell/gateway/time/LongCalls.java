package io.openshell.gateway.time;

import io.openshell.gateway.grpc.Exchange;
import io.openshell.gateway.grpc.Outbox;
import io.openshell.gateway.grpc.Refusal;
import io.vertx.grpc.common.GrpcStatus;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Calls that work for minutes and tell how far they are: one at a time, each on a thread of its own. */
final class LongCalls {

    private static final Logger LOG = LoggerFactory.getLogger(LongCalls.class);

    /** Progress is told a few times a second; a reader that is this far behind is gone. */
    private static final int WAITING = 100_000;

    private final String name;
    private final AtomicBoolean busy = new AtomicBoolean();

    LongCalls(String name) {
        this.name = name;
    }

    /** Runs the work and ends the call in order, or with what the work threw. On the call's event loop. */
    <Q, S> void run(Exchange<Q, S> exchange, Consumer<Outbox<S>> work) {
        if (!busy.compareAndSet(false, true)) {
            exchange.fail(new Refusal(GrpcStatus.RESOURCE_EXHAUSTED, "this is being done already; wait for it to end"));
            return;
        }
        Outbox<S> outbox = new Outbox<>(exchange, WAITING, () -> {});
        Thread.ofPlatform().daemon().name(name).start(() -> {
            Runnable end;
            try {
                work.accept(outbox);
                end = outbox::finish;
            } catch (RuntimeException e) {
                LOG.warn("{} did not end well: {}", name, e.toString());
                end = () -> exchange.fail(e);
            } finally {
                // Free before the caller hears of the end: it may ask again at once.
                busy.set(false);
            }
            end.run();
        });
    }
}
