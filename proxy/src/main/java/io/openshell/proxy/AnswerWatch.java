package io.openshell.proxy;

import io.netty.util.concurrent.EventExecutor;
import io.netty.util.concurrent.Future;
import io.openshell.proxy.inference.AnswerLimits;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** Keeps the answer to one request for a model within its bounds. On the one event loop it is made with. */
final class AnswerWatch {
    private static final String STREAM = "text/event-stream";

    private final AnswerLimits limits;
    private final EventExecutor loop;
    private final Runnable expired;
    private @Nullable Future<?> timer;
    private long last = System.nanoTime();
    private long taken;
    private boolean events;

    private AnswerWatch(AnswerLimits limits, EventExecutor loop, Runnable expired) {
        this.limits = limits;
        this.loop = loop;
        this.expired = expired;
    }

    /** Starts as the request is sent; {@code expired} runs once the answer is late. */
    static AnswerWatch over(AnswerLimits limits, EventExecutor loop, Runnable expired) {
        var watch = new AnswerWatch(limits, loop, expired);
        watch.look(limits.time().toNanos());
        return watch;
    }

    /** The head has come. */
    void headed(Optional<String> type, boolean encoded) {
        last = System.nanoTime();
        events = limits.mayStream() && !encoded && type.map(text -> text.split(";", 2)[0].strip())
                .filter(STREAM::equalsIgnoreCase).isPresent();
        if (events) {
            stop();
            look(limits.silence().toNanos());
        }
    }

    /** Whether a body of this length is within the bounds. */
    boolean fits(long length) {
        return length <= limits.bytes();
    }

    /** Some bytes of the body have come; false when there are too many. */
    boolean takes(long bytes) {
        last = System.nanoTime();
        taken += bytes;
        return fits(taken);
    }

    /** Nothing more comes. */
    void stop() {
        var running = timer;
        if (running != null) {
            running.cancel(false);
            timer = null;
        }
    }

    /** Whether its reader understands an event that tells of its end. */
    boolean isEvents() {
        return events;
    }

    /** What is told in place of an answer that did not begin in time. */
    Reply late() {
        return new Reply.Json(504, "inference request timed out",
                "the provider did not answer within " + limits.time().toSeconds() + " s", Optional.empty());
    }

    /** What is told in place of an answer that is too long. */
    static Reply tooLong() {
        return new Reply.Json(502, "inference service error", "the provider's answer is too long", Optional.empty());
    }

    /** The last event of a stream that ends early. */
    static byte[] lastEvent() {
        return ("\n\nevent: error\ndata: {\"error\":{\"type\":\"inference_service_error\","
                + "\"message\":\"the answer ended early\"}}\n\n").getBytes(StandardCharsets.UTF_8);
    }

    private void look(long in) {
        timer = loop.schedule(this::check, in, TimeUnit.NANOSECONDS);
    }

    private void check() {
        long left = events ? last + limits.silence().toNanos() - System.nanoTime() : 0;
        if (left > 0) {
            look(left);
        } else {
            timer = null;
            expired.run();
        }
    }
}
