package io.openshell.agent.isolation.seccomp;

/** One refusal of the filter, with the reason it is there. Everything else is allowed. */
public sealed interface FilterRule {
    /** The system call's name. */
    String call();

    /** Why the refusal exists. */
    String reason();

    /** Refused always with {@code errno}. */
    record Always(String call, int errno, String reason) implements FilterRule {}

    /** Refused when the argument shares a bit with {@code mask}. */
    record AnyBit(String call, int argument, long mask, int errno, String reason) implements FilterRule {}

    /** Refused when the argument's low 32 bits are {@code value}. */
    record Equal(String call, int argument, long value, int errno, String reason) implements FilterRule {}
}
