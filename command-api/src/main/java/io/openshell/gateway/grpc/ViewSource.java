package io.openshell.gateway.grpc;

import io.openshell.projection.past.AsOf;
import io.openshell.projection.past.Views;
import java.util.concurrent.CompletionStage;

/** Where reads come from: the folds of now, or the past. Never blocks; safe for any thread. */
public interface ViewSource {

    /** What there is now. */
    Views now();

    /** What there was at the point; fails with {@link io.openshell.projection.past.PastUnavailable}. */
    CompletionStage<Views> at(AsOf point);
}
