package io.openshell.projection.fold;

import io.openshell.model.StreamId;
import java.util.List;

/** Which streams a question about the past is about. */
sealed interface Scope {

    /** Every stream. */
    record Everything() implements Scope {}

    /** Every node. */
    record Nodes() implements Scope {}

    /** One stream. */
    record One(StreamId stream) implements Scope {}

    /** What of a snapshot matters. */
    default FoldSnapshot of(FoldSnapshot whole) {
        return switch (this) {
            case Everything all -> whole;
            case Nodes nodes -> only(whole);
            case One one -> only(whole);
        };
    }

    private FoldSnapshot only(FoldSnapshot whole) {
        return new FoldSnapshot(whole.reach(),
                whole.streams().stream().filter(each -> wants(each.stream().toString())).toList(),
                List.of(),
                whole.poisoned().stream().filter(each -> wants(each.stream())).toList());
    }

    /** Whether a record with this key matters, without decoding it. */
    default boolean wants(String key) {
        return switch (this) {
            case Everything all -> true;
            case Nodes nodes -> key.startsWith(StreamId.node("").toString());
            case One one -> key.equals(one.stream().toString());
        };
    }
}
