package io.openshell.gateway.grpc;

import io.vertx.core.Context;
import io.vertx.grpc.common.GrpcStatus;
import java.util.ArrayDeque;
import java.util.Deque;

/**
 * Messages on their way to one caller. Holds at most a given number; a caller that falls behind further loses the call.
 * Everything but {@link #offer} and {@link #closed} happens on the call's event loop.
 *
 * @param <S> what is sent
 */
public final class Outbox<S> {

    private final Exchange<?, S> exchange;
    private final Context context;
    private final int capacity;
    private final Runnable onClose;
    private final Deque<S> waiting = new ArrayDeque<>();
    private int pending;
    private boolean ending;
    private volatile boolean closed;

    /** {@code onClose} runs once, when the call has ended for whatever reason. Must be made on the call's event loop. */
    public Outbox(Exchange<?, S> exchange, int capacity, Runnable onClose) {
        this.exchange = exchange;
        this.context = exchange.context();
        this.capacity = capacity;
        this.onClose = onClose;
        exchange.onLost(this::close);
        exchange.response().drainHandler(nothing -> flush());
    }

    /** Whether the call has ended. */
    public boolean closed() {
        return closed;
    }

    /** Queues a message. Any thread; dropped after the end. */
    public void offer(S message) {
        synchronized (waiting) {
            if (closed || ending) {
                return;
            }
            if (++pending > capacity) {
                context.runOnContext(nothing -> overflow());
                return;
            }
            waiting.add(message);
        }
        context.runOnContext(nothing -> flush());
    }

    /** Ends the call in order once everything queued is sent. Any thread. */
    public void finish() {
        synchronized (waiting) {
            ending = true;
        }
        context.runOnContext(nothing -> flush());
    }

    private void flush() {
        while (!closed && !exchange.response().writeQueueFull()) {
            S next;
            synchronized (waiting) {
                next = waiting.poll();
                if (next == null) {
                    break;
                }
                pending--;
            }
            exchange.response().write(next);
        }
        boolean done;
        synchronized (waiting) {
            done = ending && waiting.isEmpty();
        }
        if (done && !closed) {
            close();
            exchange.response().end();
        }
    }

    private void overflow() {
        if (!closed) {
            close();
            exchange.fail(new Refusal(GrpcStatus.RESOURCE_EXHAUSTED, "the reader fell behind; start again"));
        }
    }

    private void close() {
        if (!closed) {
            closed = true;
            synchronized (waiting) {
                waiting.clear();
            }
            onClose.run();
        }
    }
}
