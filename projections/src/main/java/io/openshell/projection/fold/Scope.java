package io.openshell.projection.fold;

import io.openshell.model.StreamId;

/** Which streams a question about the past is about. */
sealed interface Scope {

    /** Every stream. */
    record Everything() implements Scope {}

    /** Every node. */
    record Nodes() implements Scope {}

    /** One stream. */
    record One(StreamId stream) implements Scope {}

    /** Whether a record with this key matters, without decoding it. */
    default boolean wants(String key) {
        return switch (this) {
            case Everything all -> true;
            case Nodes nodes -> key.startsWith(StreamId.node("").toString());
            case One one -> key.equals(one.stream().toString());
        };
    }
}
