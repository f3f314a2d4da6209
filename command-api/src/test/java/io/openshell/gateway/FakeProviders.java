package io.openshell.gateway;

import io.openshell.model.CommandEnvelope;
import io.openshell.model.Decision;
import io.openshell.model.Outcome;
import io.openshell.model.provider.ProviderCommand;
import io.openshell.model.provider.ProviderDecider;
import io.openshell.model.provider.ProviderEvent;
import io.openshell.model.provider.ProviderState;
import io.openshell.projection.providers.ProviderReads;
import io.openshell.projection.providers.ProviderView;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentSkipListMap;

/** Providers a test puts there. */
public final class FakeProviders implements ProviderReads {
    private final ProviderDecider decider = new ProviderDecider();
    private final Map<String, ProviderView> views = new ConcurrentSkipListMap<>();

    /** Puts one there, in place of the one of that name. */
    public void put(ProviderState.Present state, long version) {
        views.put(state.provider().workspace() + "/" + state.provider().name(), new ProviderView(state, version));
    }

    /** Decides as the log's own decider would. */
    public Outcome decide(CommandEnvelope envelope, ProviderCommand command) {
        String path = envelope.stream().path();
        ProviderView before = views.get(path);
        ProviderState state = before == null ? decider.initial() : before.state();
        return switch (decider.decide(command, state, envelope.context())) {
            case Decision.Rejected<ProviderEvent> refused -> new Outcome.Refused(refused.rejection());
            case Decision.Accepted<ProviderEvent> accepted -> {
                for (ProviderEvent event : accepted.events()) {
                    state = decider.evolve(state, event, envelope.context());
                }
                long version = before == null ? 1 : before.version() + 1;
                if (state instanceof ProviderState.Present present) {
                    views.put(path, new ProviderView(present, version));
                } else {
                    views.remove(path);
                }
                yield new Outcome.Applied(envelope.stream(), version);
            }
        };
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
