package io.openshell.projection.fold;

import io.openshell.model.StreamId;
import io.openshell.projection.providers.ProviderReads;
import io.openshell.projection.providers.ProviderView;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/** Providers at one point of the past; else as {@link PastSandboxes}. */
record PastProviders(Function<Scope, EventFold> replayed) implements ProviderReads {

    @Override
    public Optional<ProviderView> find(String workspace, String name) {
        Scope one = new Scope.One(StreamId.provider(workspace, name));
        return new FoldedProviders(replayed.apply(one)).find(workspace, name);
    }

    @Override
    public List<ProviderView> list(Optional<String> workspace) {
        return new FoldedProviders(replayed.apply(new Scope.Everything())).list(workspace);
    }
}
