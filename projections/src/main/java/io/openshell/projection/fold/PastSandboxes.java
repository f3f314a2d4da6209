package io.openshell.projection.fold;

import io.openshell.model.StreamId;
import io.openshell.projection.sandboxes.SandboxQuery;
import io.openshell.projection.sandboxes.SandboxReads;
import io.openshell.projection.sandboxes.SandboxView;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;

/**
 * Sandboxes at one point of the past. Each read replays what it needs, so it blocks, up to the deadline of the question; it
 * fails with {@link io.openshell.projection.past.PastUnavailable}. Cannot be followed: the past does not change.
 */
final class PastSandboxes implements SandboxReads {

    private final Function<Scope, EventFold> replayed;
    private final Map<String, StreamId> known;

    /**
     * Reads folds of the point; the function may keep them.
     *
     * @param known names of ids that were seen, so that a question about an id costs no more than one about a name; safe
     *     for several threads
     */
    PastSandboxes(Function<Scope, EventFold> replayed, Map<String, StreamId> known) {
        this.replayed = replayed;
        this.known = known;
    }

    @Override
    public Optional<SandboxView> find(String workspace, String name) {
        StreamId stream = StreamId.sandbox(workspace, name);
        Optional<SandboxView> found = new FoldedSandboxes(replayed.apply(new Scope.One(stream))).find(workspace, name);
        found.ifPresent(view -> known.put(view.id(), stream));
        return found;
    }

    @Override
    public Optional<SandboxView> byId(String sandboxId) {
        StreamId stream = known.get(sandboxId);
        Scope scope = stream == null ? new Scope.Everything() : new Scope.One(stream);
        return new FoldedSandboxes(replayed.apply(scope)).byId(sandboxId);
    }

    @Override
    public List<SandboxView> list(SandboxQuery query) {
        return new FoldedSandboxes(replayed.apply(new Scope.Everything())).list(query);
    }
}
