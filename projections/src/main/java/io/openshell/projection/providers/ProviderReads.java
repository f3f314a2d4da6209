package io.openshell.projection.providers;

import java.util.List;
import java.util.Optional;

/** Reads of the providers at one point of the log. Of now they never block; of the past they may. Any thread. */
public interface ProviderReads {

    /** The provider of this name. */
    Optional<ProviderView> find(String workspace, String name);

    /** All of a workspace, or with an empty one all there are, by workspace, then name. */
    List<ProviderView> list(Optional<String> workspace);
}
