package io.openshell.log.kafka;

import io.openshell.log.LogFaults;
import io.openshell.log.RecordListener;
import java.util.Map;

/** The events that concern one node, in the order they were committed: a follower of the node's own topic. */
public final class NodeFeed implements AutoCloseable {
    private final KafkaFollower follower;

    private NodeFeed(KafkaFollower follower) {
        this.follower = follower;
    }

    /**
     * Starts following.
     *
     * @param fromOffset where to start, 0 for the beginning
     */
    public static NodeFeed follow(
            KafkaSettings settings, String nodeId, long fromOffset, RecordListener listener, LogFaults faults) {
        return new NodeFeed(
                KafkaFollower.follow(settings, Topics.nodeFeed(nodeId), Map.of(0, fromOffset), listener, faults));
    }

    /** The offset to start at next time. */
    public long position() {
        return follower.positions().getOrDefault(0, 0L);
    }

    @Override
    public void close() {
        follower.close();
    }
}
