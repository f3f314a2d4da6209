package io.openshell.model;

import java.util.List;

/** What became of a command. */
public sealed interface Decision<E> {

    /** Events to record, in order. Empty when what was asked for holds already. */
    record Accepted<E>(List<E> events) implements Decision<E> {
        public Accepted {
            events = List.copyOf(events);
        }
    }

    /** A refusal, shown to the caller and recorded. */
    record Rejected<E>(Rejection rejection) implements Decision<E> {}

    /** Accepts with these events. */
    @SafeVarargs
    static <E> Decision<E> accept(E... events) {
        return new Accepted<>(List.of(events));
    }

    /** Accepts; nothing has to change. */
    static <E> Decision<E> unchanged() {
        return new Accepted<>(List.of());
    }

    /** Refuses. */
    static <E> Decision<E> reject(RejectionCode code, String reason) {
        return new Rejected<>(new Rejection(code, reason));
    }
}
