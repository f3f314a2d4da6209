package io.openshell.projection.history.store;

import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * Which events to find. Empty means no bound.
 *
 * @param stream whose
 * @param since log time, inclusive
 * @param until log time, inclusive
 * @param actor subject of the actor
 * @param types names of events, any of them; empty for all
 * @param after the place in the order of log time to go on behind
 */
public record HistoryQuery(
        Optional<String> stream,
        Optional<Instant> since,
        Optional<Instant> until,
        Optional<String> actor,
        List<String> types,
        Optional<String> correlationId,
        Optional<PageToken> after) {

    public HistoryQuery {
        types = List.copyOf(types);
    }

    /** Whether an event is one of them, as the store decides it. */
    public boolean matches(StoredEvent event) {
        return stream.map(event.stream()::equals).orElse(true)
                && since.map(at -> !event.logTime().isBefore(at)).orElse(true)
                && until.map(at -> !event.logTime().isAfter(at)).orElse(true)
                && actor.map(event.origin().actor()::equals).orElse(true)
                && (types.isEmpty() || types.contains(event.type()))
                && correlationId.map(event.origin().correlationId()::equals).orElse(true);
    }

    /** The same behind this place. */
    public HistoryQuery after(PageToken place) {
        return new HistoryQuery(stream, since, until, actor, types, correlationId, Optional.of(place));
    }
}
