package io.openshell.ops.drill;

import io.openshell.log.LogFaults;
import io.openshell.log.kafka.KafkaFollower;
import io.openshell.log.kafka.KafkaSettings;
import io.openshell.log.kafka.Topics;
import io.openshell.projection.fold.EventFold;
import io.openshell.projection.fold.FoldedSandboxes;
import io.openshell.projection.sandboxes.SandboxQuery;
import io.openshell.projection.sandboxes.SandboxView;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** What the log says, folded outside every gateway. Any thread may read. */
final class Observer implements AutoCloseable, LogFaults {

    private static final SandboxQuery ALL = new SandboxQuery(Optional.empty(), Map.of(), 0, Integer.MAX_VALUE);

    private final EventFold fold = new EventFold();
    private final FoldedSandboxes sandboxes = new FoldedSandboxes(fold);
    private final KafkaFollower follower;

    Observer(KafkaSettings log) {
        follower = KafkaFollower.follow(log, Topics.EVENTS, Map.of(), fold, this);
    }

    List<SandboxView> views() {
        return sandboxes.list(ALL);
    }

    @Override
    public void trouble(String where, Throwable cause) {
        // The broker is killed on purpose; the follower finds back by itself.
    }

    @Override
    public void stopped(String where, Throwable cause) {
        throw new IllegalStateException(where, cause);
    }

    @Override
    public void close() {
        follower.close();
    }
}
