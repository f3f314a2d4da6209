package io.openshell.projection.fold;

import io.openshell.projection.PoisonedStream;
import java.util.List;
import java.util.Map;

/**
 * Everything the fold knows at one moment. Immutable: the states are shared with the fold and never change.
 *
 * @param positions offset of each partition to go on at
 * @param called oldest first
 */
record FoldSnapshot(
        Map<Integer, Long> positions,
        List<StreamState> streams,
        List<CalledCommands.Called> called,
        List<PoisonedStream> poisoned) {}
