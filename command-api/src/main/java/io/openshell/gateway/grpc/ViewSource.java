package io.openshell.gateway.grpc;

import io.openshell.projection.past.AsOf;
import io.openshell.projection.past.Views;
import java.util.concurrent.CompletionStage;
import java.util.function.Function;

/** Where reads come from: the folds of now, or the past. Never blocks; safe for any thread. */
public interface ViewSource {

    /** What there is now. */
    Views now();

    /**
     * What a read says of what there was at the point; fails with {@link io.openshell.projection.past.PastUnavailable}, or
     * with what the read throws.
     *
     * @param read is called on a thread that may block
     */
    <T> CompletionStage<T> at(AsOf point, Function<Views, T> read);
}
