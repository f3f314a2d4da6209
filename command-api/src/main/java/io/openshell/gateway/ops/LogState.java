package io.openshell.gateway.ops;

import io.openshell.projection.PoisonedStream;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** How this gateway stands to its log. Reads never block; any thread. */
public interface LogState {

    /** Views older than this are not ready for calls that were not promised stale answers. */
    Duration STALE = Duration.ofSeconds(10);

    /** Whether the log answered when it was asked last. */
    boolean answers();

    /** Why commands cannot be taken now; empty when they can. */
    Optional<String> writesRefused();

    /** How old the views may be. */
    Duration viewAge();

    /** Events not folded yet, by partition. */
    Map<Integer, Long> lag();

    /** Partitions decided here. */
    Set<Integer> deciding();

    /** Streams that take no commands. */
    List<PoisonedStream> poisoned();

    /** Events folded since start. */
    long folded();

    /** Events that a snapshot stood for at start. */
    long fromSnapshot();
}
