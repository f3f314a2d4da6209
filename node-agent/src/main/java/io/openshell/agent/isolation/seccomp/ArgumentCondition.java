package io.openshell.agent.isolation.seccomp;

import java.util.List;

/**
 * A condition on the low 32 bits of one argument, which is all the kernel itself reads of the arguments tested here.
 *
 * @param argument from 0
 * @param mask bits that count
 * @param values what the masked argument is compared with
 * @param among whether the test holds for one of the values, or for none of them
 */
public record ArgumentCondition(int argument, long mask, List<Long> values, boolean among) {
    private static final long ALL = 0xffffffffL;

    public ArgumentCondition {
        values = List.copyOf(values);
    }

    /** Holds when the argument is one of the values. */
    public static ArgumentCondition among(int argument, Long... values) {
        return new ArgumentCondition(argument, ALL, List.of(values), true);
    }

    /** Holds when the argument is none of the values. */
    public static ArgumentCondition noneOf(int argument, Long... values) {
        return new ArgumentCondition(argument, ALL, List.of(values), false);
    }

    /** Holds when the argument has one of the bits. */
    public static ArgumentCondition anyBit(int argument, long bits) {
        return new ArgumentCondition(argument, bits, List.of(0L), false);
    }

    /** The same about part of the argument. */
    public ArgumentCondition masked(long bits) {
        return new ArgumentCondition(argument, bits, values, among);
    }

    /** Whether it holds for this value. */
    public boolean holds(long value) {
        return values.contains(value & mask & ALL) == among;
    }
}
