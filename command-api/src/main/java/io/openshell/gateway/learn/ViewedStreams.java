package io.openshell.gateway.learn;

import io.openshell.model.provider.ProviderRules;
import io.openshell.model.provider.ProviderState;
import io.openshell.model.sandbox.SandboxState;
import io.openshell.projection.past.Views;
import io.openshell.projection.providers.ProviderView;
import io.openshell.projection.sandboxes.SandboxQuery;
import io.openshell.projection.sandboxes.SandboxView;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/** Other streams as this gateway's views have them. */
record ViewedStreams(Views views) implements ProviderRules.Surroundings {

    @Override
    public Optional<ProviderState.Present> provider(String workspace, String name) {
        return views.providers().find(workspace, name).map(ProviderView::state);
    }

    @Override
    public Stream<SandboxState.Live> sandboxes() {
        return views.sandboxes().list(new SandboxQuery(Optional.empty(), Map.of(), 0, Integer.MAX_VALUE)).stream().map(SandboxView::state);
    }
}
