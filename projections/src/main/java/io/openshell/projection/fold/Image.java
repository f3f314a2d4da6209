package io.openshell.projection.fold;

import io.openshell.model.AggregateState;
import io.openshell.model.StreamId;
import io.openshell.model.node.NodeState;
import io.openshell.model.sandbox.SandboxState;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.ConcurrentSkipListSet;

/**
 * The state of every stream. Written by the fold's thread only, read by any. Grows with the number of names ever used: a
 * deleted sandbox keeps its version, hash and newest commands, since the name's next command is decided on them.
 */
final class Image {

    private final Map<StreamId, StreamState> streams = new ConcurrentHashMap<>();
    private final Map<String, StreamId> liveByName = new ConcurrentSkipListMap<>();
    private final Map<String, StreamId> liveById = new ConcurrentHashMap<>();
    private final Map<String, StreamId> nodes = new ConcurrentSkipListMap<>();
    private final Set<String> poisoned = new ConcurrentSkipListSet<>();

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

    /** Streams that hold an event this release cannot read or apply. */
    Set<String> poisoned() {
        return Set.copyOf(poisoned);
    }

    boolean isPoisoned(StreamId stream) {
        return poisoned.contains(stream.toString());
    }

    void poison(String stream) {
        poisoned.add(stream);
    }

    void put(StreamState before, StreamState next) {
        StreamId stream = next.stream();
        streams.put(stream, next);
        Optional<String> gone = sandboxId(before.state());
        Optional<String> here = sandboxId(next.state());
        here.ifPresent(id -> {
            liveByName.put(order(stream), stream);
            liveById.put(id, stream);
        });
        if (gone.isPresent() && !gone.equals(here)) {
            liveById.remove(gone.get());
        }
        if (here.isEmpty()) {
            liveByName.remove(order(stream));
        }
        if (isKnownNode(next.state())) {
            nodes.put(stream.path(), stream);
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
        };
    }

    private static boolean isKnownNode(AggregateState state) {
        return switch (state) {
            case NodeState.Registered node -> true;
            case NodeState.Retired node -> true;
            case NodeState.Unknown node -> false;
            case SandboxState sandbox -> false;
        };
    }
}
