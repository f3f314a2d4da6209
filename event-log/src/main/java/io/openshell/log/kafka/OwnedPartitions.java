package io.openshell.log.kafka;

import io.openshell.log.LoopStatus;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;

/** Which command partitions a session owns, and how far each is on its way to being decided. One thread. */
final class OwnedPartitions {
    /** Partition to the end of its events when it was assigned. */
    private final Map<Integer, Long> waiting = new HashMap<>();

    private final Set<Integer> assigned = new HashSet<>();
    private final Set<Integer> deciding = new HashSet<>();
    private final Set<Integer> stopped = new HashSet<>();

    void assign(Collection<Integer> partitions) {
        assigned.addAll(partitions);
    }

    void remove(Collection<Integer> partitions) {
        assigned.removeAll(partitions);
        waiting.keySet().removeAll(partitions);
        deciding.removeAll(partitions);
        stopped.removeAll(partitions);
    }

    /** Assigned, but the end of their events is not known yet. */
    Set<Integer> fresh() {
        Set<Integer> fresh = new HashSet<>(assigned);
        fresh.removeAll(waiting.keySet());
        fresh.removeAll(deciding);
        fresh.removeAll(stopped);
        return fresh;
    }

    void await(int partition, long eventsEnd) {
        waiting.put(partition, eventsEnd);
    }

    Map<Integer, Long> waiting() {
        return Map.copyOf(waiting);
    }

    void begin(int partition) {
        waiting.remove(partition);
        deciding.add(partition);
    }

    void stop(int partition) {
        deciding.remove(partition);
        stopped.add(partition);
    }

    boolean owns(int partition) {
        return assigned.contains(partition);
    }

    boolean settled() {
        return waiting.isEmpty() && fresh().isEmpty();
    }

    LoopStatus status() {
        Set<Integer> notYet = new HashSet<>(assigned);
        notYet.removeAll(deciding);
        notYet.removeAll(stopped);
        return new LoopStatus(LoopStatus.Phase.RUNNING, deciding, notYet, stopped);
    }
}
