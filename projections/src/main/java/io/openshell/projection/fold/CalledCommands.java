package io.openshell.projection.fold;

import io.openshell.model.CommandId;
import io.openshell.model.Outcome;
import io.openshell.model.StreamId;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/**
 * The newest commands that stem from calls, over all streams: what a retry is recognised by, however busy its stream is,
 * and on whatever stream it stood. Written by the fold's thread only, read by any. Bounded; the oldest gives way.
 */
final class CalledCommands {

    /** Commands remembered; about 10 MB when full. */
    static final int REMEMBERED = 32_768;

    /** One of them. */
    record Called(CommandId id, StreamId stream, String digest, Outcome outcome) {}

    private final Map<CommandId, Called> byId = new ConcurrentHashMap<>();
    private final Deque<CommandId> oldestFirst = new ArrayDeque<>();
    private final int most;

    CalledCommands() {
        this(REMEMBERED);
    }

    CalledCommands(int most) {
        this.most = most;
    }

    Optional<Called> find(CommandId id) {
        return Optional.ofNullable(byId.get(id));
    }

    /** The first use of an id is what counts; a later one elsewhere was refused because of it. */
    void add(Called called) {
        Called before = byId.get(called.id());
        if (before != null) {
            if (before.stream().equals(called.stream())) {
                byId.put(called.id(), called);
            }
            return;
        }
        byId.put(called.id(), called);
        oldestFirst.addLast(called.id());
        if (oldestFirst.size() > most) {
            byId.remove(oldestFirst.removeFirst());
        }
    }

    /** Oldest first. Fold thread only. */
    List<Called> all() {
        List<Called> all = new ArrayList<>(oldestFirst.size());
        oldestFirst.forEach(id -> all.add(byId.get(id)));
        return all;
    }
}
