package io.openshell.projection.fold;

import io.openshell.model.AggregateState;
import io.openshell.model.CommandId;
import io.openshell.model.StreamId;
import io.openshell.model.global.GlobalPolicy;
import io.openshell.model.node.NodeState;
import io.openshell.model.provider.ProviderState;
import io.openshell.model.sandbox.SandboxState;
import io.openshell.model.settings.Settings;
import io.openshell.projection.PoisonedStream;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentSkipListMap;

/**
 * The state of every stream. Written by the fold's thread only, read by any. Grows with the number of names ever used: a
 * deleted sandbox keeps its version, hash and newest commands, since the name's next command is decided on them.
 */
final class Image {

    private final Map<StreamId, StreamState> streams = new ConcurrentHashMap<>();
    private final Map<String, StreamId> liveByName = new ConcurrentSkipListMap<>();
    private final Map<String, StreamId> liveById = new ConcurrentHashMap<>();
    private final Map<String, StreamId> nodes = new ConcurrentSkipListMap<>();
    private final Map<String, StreamId> providers = new ConcurrentSkipListMap<>();
    private final Map<String, PoisonedStream> poisoned = new ConcurrentSkipListMap<>();
    private final CalledCommands called = new CalledCommands();

    Optional<StreamState> find(StreamId stream) {
        return Optional.ofNullable(streams.get(stream));
    }

    /** Streams that hold events. */
    int size() {
        return streams.size();
    }

    /** Streams that hold events, some added or not while this is being read. */
    Set<StreamId> streams() {
        return streams.keySet();
    }

    /** Whether lists show the sandbox of this stream. */
    boolean lists(StreamId stream) {
        return stream.equals(liveByName.get(order(stream)));
    }

    Optional<StreamState> liveById(String sandboxId) {
        return Optional.ofNullable(liveById.get(sandboxId)).flatMap(this::find);
    }

    /** Streams of live sandboxes by workspace, then name. */
    Iterable<StreamId> live() {
        return liveByName.values();
    }

    /** Streams of nodes that registered once, by id. */
    Iterable<StreamId> nodes() {
        return nodes.values();
    }

    /** Streams of provider names ever used, by workspace, then name. */
    Iterable<StreamId> providers() {
        return providers.values();
    }

    /** Streams that hold an event this release cannot read or apply. */
    List<PoisonedStream> poisoned() {
        return List.copyOf(poisoned.values());
    }

    boolean isPoisoned(StreamId stream) {
        return poison(stream).isPresent();
    }

    /** The first record that does not fit is the one that counts. */
    void poison(PoisonedStream found) {
        poisoned.putIfAbsent(found.stream(), found);
    }

    Optional<PoisonedStream> poison(StreamId stream) {
        // Asked for every event and every sandbox of a list, and nearly always there is none.
        return poisoned.isEmpty() ? Optional.empty() : Optional.ofNullable(poisoned.get(stream.toString()));
    }

    void heal(StreamId stream) {
        poisoned.remove(stream.toString());
    }

    /** Every stream that ever held an event, in no order. */
    Collection<StreamState> all() {
        return streams.values();
    }

    CalledCommands called() {
        return called;
    }

    /** How a command ended that the log holds already, from whatever place it is remembered in. */
    Optional<RecentCommands.Entry> decided(StreamId stream, CommandId id) {
        return find(stream).flatMap(state -> state.recent().find(id))
                .or(() -> called.find(id)
                        .filter(each -> each.stream().equals(stream))
                        .map(each -> new RecentCommands.Entry(id, each.digest(), each.outcome())));
    }

    void put(StreamState before, StreamState next) {
        StreamId stream = next.stream();
        streams.put(stream, next);
        Optional<String> gone = sandboxId(before.state());
        Optional<String> here = sandboxId(next.state());
        if (!here.equals(gone)) {
            // Most events change neither name nor id, and the indexes cost more than everything else here.
            gone.ifPresent(liveById::remove);
            here.ifPresentOrElse(id -> {
                liveByName.put(order(stream), stream);
                liveById.put(id, stream);
            }, () -> liveByName.remove(order(stream)));
        }
        if (isKnownNode(next.state()) && !isKnownNode(before.state())) {
            nodes.put(stream.path(), stream);
        }
        if (before.version() == 0 && stream.kind() == StreamId.Kind.PROVIDER) {
            providers.put(order(stream), stream);
        }
    }

    /** Of two workspaces one of which begins with the other, the shorter comes first. */
    private static String order(StreamId stream) {
        return stream.path().replace('/', '\0');
    }

    private static Optional<String> sandboxId(AggregateState state) {
        return switch (state) {
            case SandboxState.Live live -> Optional.of(live.request().sandboxId());
            case SandboxState.Deleted deleted -> Optional.empty();
            case SandboxState.Unused unused -> Optional.empty();
            case NodeState node -> Optional.empty();
            case GlobalPolicy global -> Optional.empty();
            case Settings settings -> Optional.empty();
            case ProviderState provider -> Optional.empty();
        };
    }

    private static boolean isKnownNode(AggregateState state) {
        return switch (state) {
            case NodeState.Registered node -> true;
            case NodeState.Lost node -> true;
            case NodeState.Retired node -> true;
            case NodeState.Unknown node -> false;
            case SandboxState sandbox -> false;
            case GlobalPolicy global -> false;
            case Settings settings -> false;
            case ProviderState provider -> false;
        };
    }
}
