package io.openshell.bench;

import java.util.Arrays;
import java.util.List;

/** Measured values of one thing, in one unit, at least one. Immutable. */
public final class Samples {
    private final double[] sorted;

    private Samples(double[] values) {
        if (values.length == 0) {
            throw new IllegalArgumentException("no sample");
        }
        sorted = values.clone();
        Arrays.sort(sorted);
    }

    /** These values. */
    public static Samples of(double... values) {
        return new Samples(values);
    }

    /** These values. */
    public static Samples of(List<Double> values) {
        return new Samples(values.stream().mapToDouble(Double::doubleValue).toArray());
    }

    /** How many there are. */
    public int count() {
        return sorted.length;
    }

    /** The value in the middle; of an even number, half-way between the two. */
    public double median() {
        int middle = sorted.length / 2;
        return sorted.length % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
    }

    /** The smallest value that 99 of 100 do not exceed; with fewer than 100 values, the largest. */
    public double p99() {
        return sorted[(int) Math.ceil(sorted.length * 0.99) - 1];
    }
}
