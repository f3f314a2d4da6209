package io.openshell.projection.fold;

import io.openshell.model.StreamId;
import io.openshell.model.inference.InferenceRoutes;
import io.openshell.projection.Subscription;
import io.openshell.projection.inference.InferenceReads;

/** Inference routes read from the fold. */
public final class FoldedInference implements InferenceReads {

    private final EventFold fold;

    /** Reads this fold. */
    public FoldedInference(EventFold fold) {
        this.fold = fold;
    }

    @Override
    public InferenceRoutes routes(String workspace) {
        return fold.image().find(StreamId.inference(workspace))
                .map(StreamState::state)
                .filter(InferenceRoutes.class::isInstance)
                .map(InferenceRoutes.class::cast)
                .orElse(InferenceRoutes.NONE);
    }

    /** Tells after every change of a route, on the fold's thread: the listener must not block. */
    public Subscription onChange(Runnable listener) {
        return fold.onCommand((before, after) -> {
            if (after.stream().kind() == StreamId.Kind.INFERENCE) {
                listener.run();
            }
        });
    }
}
