package io.openshell.agent.session;

import io.vertx.core.Context;
import io.vertx.core.Vertx;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The two places where a session's work is done.
 *
 * @param context owns the session's state and its stream
 * @param blocking takes everything that may wait; must run several tasks of each session at once
 */
record Lane(Vertx vertx, Context context, Executor blocking) {

    private static final Logger LOG = LoggerFactory.getLogger(Lane.class);

    /** Runs on the session's context, in the order of the calls of one thread. */
    void on(Runnable task) {
        context.runOnContext(nothing -> task.run());
    }

    /** Runs where waiting is allowed. */
    void off(Runnable task) {
        Runnable reported = () -> report(task);
        try {
            blocking.execute(reported);
        } catch (RejectedExecutionException closing) {
            // An agent that is closing must still be able to end what it has started.
            Thread.ofVirtual().name("session-late").start(reported);
        }
    }

    /** Runs on the session's context after this many milliseconds; the result cancels it. */
    Runnable later(long millis, Runnable task) {
        long timer = vertx.setTimer(Math.max(1, millis), fired -> on(task));
        return () -> vertx.cancelTimer(timer);
    }

    private static void report(Runnable task) {
        try {
            task.run();
        } catch (RuntimeException failure) {
            LOG.error("a session's task failed", failure);
        }
    }
}
