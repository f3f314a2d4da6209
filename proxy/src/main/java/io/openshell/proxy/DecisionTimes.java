package io.openshell.proxy;

import java.util.Arrays;
import java.util.Locale;
import java.util.concurrent.atomic.LongAdder;

/**
 * How long decisions took, counted by bounds. A connection's decision lasts from its complete head to what the policy says of its
 * caller and destination, finding the caller included and the name look-up not; a request's is what its rules take. Any thread.
 */
public final class DecisionTimes {
    /** Upper bounds of the counts, in nanoseconds; one more count takes what is above. */
    private static final long[] BOUNDS = {
        5_000, 10_000, 20_000, 35_000, 50_000, 75_000, 100_000, 150_000, 250_000, 500_000,
        1_000_000, 2_500_000, 5_000_000, 10_000_000, 25_000_000, 100_000_000, 1_000_000_000
    };

    /** What was decided about. */
    public enum Kind {
        /** Whether a program may open a connection. */
        CONNECTION,
        /** Whether a request may be made over one. */
        REQUEST
    }

    private final LongAdder[][] counts = new LongAdder[Kind.values().length][BOUNDS.length + 1];
    private final LongAdder[] nanos = new LongAdder[Kind.values().length];

    /** Starts at nothing. */
    public DecisionTimes() {
        for (int i = 0; i < counts.length; i++) {
            nanos[i] = new LongAdder();
            Arrays.setAll(counts[i], bound -> new LongAdder());
        }
    }

    void took(Kind kind, long time) {
        int at = Arrays.binarySearch(BOUNDS, time);
        counts[kind.ordinal()][at < 0 ? -at - 1 : at].increment();
        nanos[kind.ordinal()].add(time);
    }

    /**
     * Counts decisions.
     *
     * @param kind which
     * @return how many there were
     */
    public long count(Kind kind) {
        return Arrays.stream(counts[kind.ordinal()]).mapToLong(LongAdder::sum).sum();
    }

    /**
     * The time that a share of the decisions kept to, estimated within the bounds it lies between.
     *
     * @param kind which
     * @param share between 0 and 1
     * @return microseconds; 0 when nothing was decided
     */
    public double micros(Kind kind, double share) {
        var at = counts[kind.ordinal()];
        double wanted = count(kind) * share;
        double below = 0;
        for (int i = 0; i < BOUNDS.length; i++) {
            double here = at[i].sum();
            if (here > 0 && below + here >= wanted) {
                long from = i == 0 ? 0 : BOUNDS[i - 1];
                return (from + (BOUNDS[i] - from) * (wanted - below) / here) / 1_000;
            }
            below += here;
        }
        return below == count(kind) ? 0 : BOUNDS[BOUNDS.length - 1] / 1_000.0;
    }

    /**
     * Everything in the text form Prometheus reads, as a histogram in seconds.
     *
     * @return lines that end in a line feed
     */
    public String text() {
        var text = new StringBuilder("# HELP openshell_proxy_decision_seconds What deciding about connections and requests took\n"
                + "# TYPE openshell_proxy_decision_seconds histogram\n");
        for (var kind : Kind.values()) {
            var label = "kind=\"" + kind.name().toLowerCase(Locale.ROOT) + "\"";
            long sum = 0;
            for (int i = 0; i < BOUNDS.length; i++) {
                sum += counts[kind.ordinal()][i].sum();
                line(text, "_bucket{" + label + ",le=\"" + BOUNDS[i] / 1e9 + "\"}", sum);
            }
            sum += counts[kind.ordinal()][BOUNDS.length].sum();
            line(text, "_bucket{" + label + ",le=\"+Inf\"}", sum);
            line(text, "_sum{" + label + "}", nanos[kind.ordinal()].sum() / 1e9);
            line(text, "_count{" + label + "}", sum);
        }
        return text.toString();
    }

    private static void line(StringBuilder text, String name, Object value) {
        text.append("openshell_proxy_decision_seconds").append(name).append(' ').append(value).append('\n');
    }
}
