package io.openshell.bench;

/** One thing a figure has to keep to. */
public sealed interface Limit {
    /** Middle value at most this, in the row's unit. */
    record Median(double most) implements Limit {}

    /** Value that 99 of 100 keep to, at most this, in the row's unit. */
    record P99(double most) implements Limit {}

    /** Median at most this many times the yardstick's. */
    record Ratio(double most) implements Limit {}

    /** At least this many in a second. */
    record Rate(double least) implements Limit {}

    /** The limit as a column shows it. */
    default String text() {
        return switch (this) {
            case Median m -> "p50≤" + number(m.most());
            case P99 p -> "p99≤" + number(p.most());
            case Ratio r -> "≤" + number(r.most()) + "×";
            case Rate r -> "≥" + number(r.least()) + "/s";
        };
    }

    /** What to call it when it was missed. */
    default String label() {
        return switch (this) {
            case Median m -> "p50";
            case P99 p -> "p99";
            case Ratio r -> "ratio";
            case Rate r -> "rate";
        };
    }

    private static String number(double value) {
        return value == Math.rint(value) ? String.valueOf((long) value) : String.valueOf(value);
    }
}
