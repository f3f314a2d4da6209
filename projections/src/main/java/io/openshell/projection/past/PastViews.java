package io.openshell.projection.past;

import io.openshell.model.AggregateState;
import io.openshell.model.StreamId;
import java.time.Duration;

/** Reads of the past. Blocks up to the deadline: off event loops. Safe for any thread. */
public interface PastViews {

    /**
     * Views folded up to the point. They do not change any more. Reading them blocks too, up to the same deadline, and
     * fails in the same way.
     *
     * @throws PastUnavailable when the point cannot be reached, with the reason
     */
    Views at(AsOf point, Duration deadline);

    /**
     * The state of one stream at the point; its initial state when it held no event.
     *
     * @throws PastUnavailable when the point cannot be reached, with the reason
     */
    AggregateState stateAt(StreamId stream, AsOf point, Duration deadline);
}
