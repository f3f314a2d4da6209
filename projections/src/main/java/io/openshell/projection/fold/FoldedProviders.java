package io.openshell.projection.fold;

import io.openshell.model.StreamId;
import io.openshell.model.provider.ProviderState;
import io.openshell.projection.Subscription;
import io.openshell.projection.providers.ProviderReads;
import io.openshell.projection.providers.ProviderView;
import java.util.List;
import java.util.Optional;
import java.util.stream.StreamSupport;

/** Providers read from the fold. */
public final class FoldedProviders implements ProviderReads {

    private final EventFold fold;

    /** Reads this fold. */
    public FoldedProviders(EventFold fold) {
        this.fold = fold;
    }

    @Override
    public Optional<ProviderView> find(String workspace, String name) {
        return view(StreamId.provider(workspace, name));
    }

    @Override
    public List<ProviderView> list(Optional<String> workspace) {
        return StreamSupport.stream(fold.image().providers().spliterator(), false)
                .filter(stream -> workspace.map(stream.workspace()::equals).orElse(true))
                .flatMap(stream -> view(stream).stream())
                .toList();
    }

    /** Tells after every change of a provider, on the fold's thread: the listener must not block. */
    public Subscription onChange(Runnable listener) {
        return fold.onCommand((before, after) -> {
            if (after.stream().kind() == StreamId.Kind.PROVIDER) {
                listener.run();
            }
        });
    }

    private Optional<ProviderView> view(StreamId stream) {
        return fold.image().find(stream).flatMap(found -> found.state() instanceof ProviderState.Present present
                ? Optional.of(new ProviderView(present, found.version())) : Optional.empty());
    }
}
