package io.openshell.projection.inference;

import io.openshell.model.inference.InferenceRoutes;

/** Reads of the inference routes at one point of the log. Of now they never block; of the past they may. Any thread. */
@FunctionalInterface
public interface InferenceReads {

    /** The routes of a workspace. */
    InferenceRoutes routes(String workspace);
}
