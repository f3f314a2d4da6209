package io.openshell.projection.fold;

import io.openshell.model.StreamId;
import io.openshell.model.provider.ProviderRules;
import io.openshell.model.provider.ProviderState;
import io.openshell.model.sandbox.SandboxState;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.stream.Stream;

/**
 * What a decision about one stream knows of the others: as far as it is known in this process. Where another gateway decides
 * about them, a change under way may be missed. What slips through so has no credential to use: a provider that is gone has
 * no secret any more.
 *
 * @param current the newest state of a stream, also when it is not folded yet
 * @param unfolded streams decided here whose newest events the fold does not have
 */
record OtherStreams(Image image, Function<StreamId, StreamState> current, Supplier<Set<StreamId>> unfolded)
        implements ProviderRules.Surroundings {

    @Override
    public Optional<ProviderState.Present> provider(String workspace, String name) {
        return current.apply(StreamId.provider(workspace, name)).state() instanceof ProviderState.Present present
                ? Optional.of(present) : Optional.empty();
    }

    @Override
    public Stream<SandboxState.Live> sandboxes() {
        Set<StreamId> streams = new HashSet<>(unfolded.get());
        image.live().forEach(streams::add);
        return streams.stream().map(current).map(StreamState::state)
                .filter(SandboxState.Live.class::isInstance).map(SandboxState.Live.class::cast);
    }
}
