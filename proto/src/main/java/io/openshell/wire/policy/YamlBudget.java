package io.openshell.wire.policy;

/** Bounds the work for one text: repeated anchors can make a small text stand for a huge tree. */
final class YamlBudget {
    private static final int MAX_VALUES = 100_000;

    private int spent;

    /** Counts one value; false once there were too many. */
    boolean spend() {
        spent++;
        return spent <= MAX_VALUES;
    }
}
