package io.openshell.proxy.inference;

import java.time.Duration;

/**
 * Bounds of the answer to a request for a model.
 *
 * @param time how long it may take from when the request is sent to the answer's last byte; to its head, when the answer is a
 *     stream of events
 * @param silence how long a stream of events may stay without a byte
 * @param bytes how long it may be
 * @param mayStream whether a stream of events is an answer to this request
 */
public record AnswerLimits(Duration time, Duration silence, long bytes, boolean mayStream) {

    private static final long USUAL_SECONDS = 60;
    private static final long MOST_SECONDS = 86_400;
    private static final long MOST_BYTES = 32L << 20;

    /** Refuses bounds that are not positive. */
    public AnswerLimits {
        if (time.isNegative() || time.isZero() || silence.isNegative() || silence.isZero() || bytes < 1) {
            throw new IllegalArgumentException("the bounds of an answer must be positive");
        }
    }

    /** Those of a route with this time limit: 0 for the usual one, a day at the most. */
    public static AnswerLimits of(long seconds) {
        long limit = seconds == 0 ? USUAL_SECONDS : Math.min(MOST_SECONDS, seconds < 0 ? MOST_SECONDS : seconds);
        return new AnswerLimits(Duration.ofSeconds(limit), Duration.ofSeconds(120), MOST_BYTES, true);
    }

    /** The same for a request whose answer is never a stream. */
    public AnswerLimits unstreamed() {
        return new AnswerLimits(time, silence, bytes, false);
    }
}
