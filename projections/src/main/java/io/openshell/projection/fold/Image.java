package io.openshell.projection.fold;

import io.openshell.model.StreamId;
import io.openshell.model.node.NodeState;
import io.openshell.model.sandbox.SandboxState;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.ConcurrentSkipListSet;

/** The state of every stream. Written by the fold's thread only, read by any. */
final class Image {

    private final Map<StreamId, StreamState> streams = new ConcurrentHashMap<>();
    private final Map<String, StreamId> liveByName = new ConcurrentSkipListMap<>();
    private final Map<String, StreamId> liveById = new ConcurrentHashMap<>();
    private final Map<String, StreamId> nodes = new ConcurrentSkipListMap<>();
    private final Set<String> poisoned = new ConcurrentSkipListSet<>();

    Optional<StreamState> find(StreamId stream) {
        return Optional.ofNullable(streams.get(stream));
    }

    Optional<StreamState> liveById(String sandboxId) {
        return Optional.ofNullable(liveById.get(sandboxId)).flatMap(this::find);
    }

    /** Streams of live sandboxes by workspace, then name. */
    Iterable<StreamId> live() {
        return liveByName.values();
    }

    /** Streams of nodes by id. */
    Iterable<StreamId> nodes() {
        return nodes.values();
    }

    /** Streams that hold an event this release cannot apply. */
    Set<String> poisoned() {
        return Set.copyOf(poisoned);
    }

    boolean isPoisoned(StreamId stream) {
        return poisoned.contains(stream.toString());
    }

    void poison(String stream) {
        poisoned.add(stream);
    }

    void put(StreamId stream, StreamState next) {
        StreamState before = streams.put(stream, next);
        switch (next.state()) {
            case SandboxState.Live live -> {
                liveByName.put(stream.path(), stream);
                liveById.put(live.request().sandboxId(), stream);
            }
            case SandboxState.Deleted gone -> {
                liveByName.remove(stream.path());
                liveById.remove(gone.sandboxId());
            }
            case SandboxState.Unused unused -> liveByName.remove(stream.path());
            case NodeState node -> {
                if (before == null) {
                    nodes.put(stream.path(), stream);
                }
            }
        }
    }
}
