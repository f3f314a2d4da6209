package io.openshell.wire.replay;

import io.openshell.model.AggregateState;
import io.openshell.model.Aggregates;
import io.openshell.model.EventEnvelope;
import io.openshell.model.MisfitEvent;
import io.openshell.model.StreamId;
import io.openshell.model.history.Change;
import io.openshell.model.history.StateDiff;
import io.openshell.wire.control.v1.ReplayEvent;
import io.openshell.wire.events.EventCodec;
import io.openshell.wire.events.UndecodableRecord;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Folds the events of an incident file one by one, with the fold that gateways use, and checks the chain of hashes. Tells
 * states and changes, and nothing that could be done: there is no way from here to a node. One thread.
 */
public final class ReplaySteps {

    private final Map<StreamId, Stream> streams = new HashMap<>();
    private int number;

    /** Where one stream stands. */
    private record Stream(AggregateState state, long version, String hash) {}

    /**
     * One event and what it did.
     *
     * @param number in the file, from 1
     * @param event empty when this release cannot read it
     * @param masked what was taken out of it
     * @param changes it made to its stream's state
     * @param state of its stream after it; empty when it cannot be read
     * @param problems that show a file which was changed, or events which do not follow each other
     */
    public record Step(
            int number,
            Optional<EventEnvelope> event,
            Instant logTime,
            List<String> masked,
            List<Change> changes,
            Optional<AggregateState> state,
            List<String> problems) {
        public Step {
            masked = List.copyOf(masked);
            changes = List.copyOf(changes);
            problems = List.copyOf(problems);
        }
    }

    /** Takes the next event of the file. */
    public Step next(ReplayEvent record) {
        number++;
        Instant logTime = Instant.ofEpochSecond(record.getLogTime().getSeconds(), record.getLogTime().getNanos());
        byte[] bytes = record.getEvent().toByteArray();
        try {
            EventEnvelope event = EventCodec.decode(bytes);
            List<String> problems = new ArrayList<>();
            // A masked event is not the log's own bytes; its hash stands for them in the chain only.
            if (record.getMaskedCount() == 0 && !EventCodec.hash(bytes).equals(record.getHash())) {
                problems.add("its bytes do not match its hash");
            }
            Stream before = streams.get(event.stream());
            chain(event, before).ifPresent(problems::add);
            AggregateState was = before == null ? Aggregates.initial(event.stream().kind()) : before.state();
            AggregateState is = evolve(was, event, problems);
            streams.put(event.stream(), new Stream(is, event.version(), record.getHash()));
            return new Step(number, Optional.of(event), logTime, record.getMaskedList(), StateDiff.between(was, is),
                    Optional.of(is), problems);
        } catch (UndecodableRecord e) {
            return new Step(number, Optional.empty(), logTime, record.getMaskedList(), List.of(), Optional.empty(),
                    List.of("it cannot be read by this release"));
        }
    }

    private static Optional<String> chain(EventEnvelope event, @org.jspecify.annotations.Nullable Stream before) {
        long version = before == null ? 0 : before.version();
        if (event.version() != version + 1) {
            return Optional.of("version " + (version + 1) + " should come next, not " + event.version());
        }
        String hash = before == null ? "" : before.hash();
        return event.previousHash().equals(hash)
                ? Optional.empty()
                : Optional.of("it does not name the hash of the event before it");
    }

    private static AggregateState evolve(AggregateState state, EventEnvelope event, List<String> problems) {
        try {
            return Aggregates.evolve(state, event.event(), event.context());
        } catch (MisfitEvent e) {
            problems.add("it does not follow the state before it: " + e.getMessage());
            return state;
        }
    }
}
