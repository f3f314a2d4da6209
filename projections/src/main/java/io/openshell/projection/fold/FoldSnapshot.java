package io.openshell.projection.fold;

import io.openshell.projection.PoisonedStream;
import java.time.Instant;
import java.util.List;
import java.util.Map;

/**
 * Everything the fold knows at one moment. Immutable: the states are shared with the fold and never change.
 *
 * @param reach what was read
 * @param called oldest first
 */
record FoldSnapshot(
        Reach reach,
        List<StreamState> streams,
        List<CalledCommands.Called> called,
        List<PoisonedStream> poisoned) {

    /**
     * How far a fold has read.
     *
     * @param positions offset of each partition to go on at
     * @param newest log time of the newest record read
     * @param records read so far, also those set aside
     */
    record Reach(Map<Integer, Long> positions, Instant newest, long records) {}

    Map<Integer, Long> positions() {
        return reach.positions();
    }
}
