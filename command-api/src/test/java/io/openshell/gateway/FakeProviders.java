package io.openshell.gateway;

import io.openshell.model.provider.ProviderState;
import io.openshell.projection.providers.ProviderReads;
import io.openshell.projection.providers.ProviderView;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentSkipListMap;

/** Providers a test puts there. */
public final class FakeProviders implements ProviderReads {
    private final Map<String, ProviderView> views = new ConcurrentSkipListMap<>();

    /** Puts one there, in place of the one of that name. */
    public void put(ProviderState.Present state, long version) {
        views.put(state.provider().workspace() + "/" + state.provider().name(), new ProviderView(state, version));
    }

    /** Takes one away. */
    public void remove(String workspace, String name) {
        views.remove(workspace + "/" + name);
    }

    @Override
    public Optional<ProviderView> find(String workspace, String name) {
        return Optional.ofNullable(views.get(workspace + "/" + name));
    }

    @Override
    public List<ProviderView> list(Optional<String> workspace) {
        return views.values().stream()
                .filter(each -> workspace.map(each.state().provider().workspace()::equals).orElse(true)).toList();
    }
}
