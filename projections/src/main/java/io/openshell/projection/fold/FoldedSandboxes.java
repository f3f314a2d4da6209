package io.openshell.projection.fold;

import io.openshell.model.AggregateState;
import io.openshell.model.StreamId;
import io.openshell.model.sandbox.SandboxState;
import io.openshell.projection.Subscription;
import io.openshell.projection.sandboxes.SandboxChange;
import io.openshell.projection.sandboxes.SandboxQuery;
import io.openshell.projection.sandboxes.SandboxView;
import io.openshell.projection.sandboxes.SandboxViews;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;

/** Sandboxes read from the fold. */
public final class FoldedSandboxes implements SandboxViews {

    private final EventFold fold;

    /** Reads this fold. */
    public FoldedSandboxes(EventFold fold) {
        this.fold = fold;
    }

    @Override
    public Optional<SandboxView> find(String workspace, String name) {
        return fold.image().find(StreamId.sandbox(workspace, name)).flatMap(this::view);
    }

    @Override
    public Optional<SandboxView> byId(String sandboxId) {
        return fold.image().liveById(sandboxId).flatMap(this::view);
    }

    @Override
    public List<SandboxView> list(SandboxQuery query) {
        return all().filter(v -> query.workspace().map(v.workspace()::equals).orElse(true))
                .filter(v -> hasLabels(v, query.labels()))
                .skip(query.offset())
                .limit(query.limit())
                .toList();
    }

    Stream<SandboxView> all() {
        return StreamSupport.stream(fold.image().live().spliterator(), false)
                .flatMap(stream -> fold.image().find(stream).stream())
                .flatMap(state -> view(state).stream());
    }

    private static boolean hasLabels(SandboxView view, Map<String, String> wanted) {
        return view.state().request().labels().entrySet().containsAll(wanted.entrySet());
    }

    @Override
    public Subscription onChange(Consumer<SandboxChange> listener) {
        return fold.onCommand((before, after) -> {
            Optional<SandboxView> was = view(before);
            Optional<SandboxView> is = view(after);
            was.map(SandboxView::id)
                    .filter(id -> is.map(SandboxView::id).filter(id::equals).isEmpty())
                    .ifPresent(id -> listener.accept(new SandboxChange.Removed(id)));
            is.ifPresent(view -> listener.accept(new SandboxChange.Updated(view)));
        });
    }

    private Optional<SandboxView> view(StreamState stream) {
        AggregateState state = stream.state();
        return state instanceof SandboxState.Live live
                ? Optional.of(new SandboxView(live, stream.version(), fold.image().poison(stream.stream())))
                : Optional.empty();
    }
}
