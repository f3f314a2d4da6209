package io.openshell.log;

import java.util.Set;

/**
 * What a deciding loop is doing.
 *
 * @param phase as a whole
 * @param deciding partitions whose commands are being decided here
 * @param waiting partitions assigned here whose fold is still behind
 * @param stopped partitions that a fault stopped
 */
public record LoopStatus(Phase phase, Set<Integer> deciding, Set<Integer> waiting, Set<Integer> stopped) {
    /** Coarse state of the loop. */
    public enum Phase {
        /** Not a member of the group yet, or again after trouble. */
        JOINING,
        /** A member of the group, with or without partitions. */
        RUNNING,
        /** Ended for good. */
        CLOSED
    }

    public LoopStatus {
        deciding = Set.copyOf(deciding);
        waiting = Set.copyOf(waiting);
        stopped = Set.copyOf(stopped);
    }
}
