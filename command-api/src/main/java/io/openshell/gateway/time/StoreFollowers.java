package io.openshell.gateway.time;

import io.openshell.log.LogRecord;
import io.openshell.model.Event;
import io.openshell.projection.Subscription;
import io.openshell.projection.history.store.HistoryStore;
import io.openshell.projection.history.store.StoredEvent;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.function.Function;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Who is told of events as they enter the history store. Guarded by its own lock; listeners must not block. */
final class StoreFollowers {

    private static final Logger LOG = LoggerFactory.getLogger(StoreFollowers.class);

    private final Map<Integer, Long> reached = new HashMap<>();

    /** As {@link #reached}, but a store that is fed again does not move it back: nobody is told of an event twice. */
    private final Map<Integer, Long> told = new HashMap<>();
    private final List<Listening> listening = new ArrayList<>();

    private static final class Listening {
        private final Consumer<StoredEvent> listener;

        Listening(Consumer<StoredEvent> listener) {
            this.listener = listener;
        }
    }

    /**
     * The begin of following.
     *
     * @param from offset per partition: the listener is told of everything from there on, the store has what is before
     */
    record Start(Map<Integer, Long> from, Subscription subscription) {}

    synchronized Start follow(Consumer<StoredEvent> listener) {
        Listening one = new Listening(listener);
        listening.add(one);
        return new Start(Map.copyOf(told), () -> remove(one));
    }

    private synchronized void remove(Listening one) {
        listening.remove(one);
    }

    /** The offset after the newest row, per partition. */
    synchronized Map<Integer, Long> reached() {
        return Map.copyOf(reached);
    }

    synchronized void reset(Map<Integer, Long> positions) {
        reached.clear();
        reached.putAll(positions);
        positions.forEach((partition, offset) -> told.merge(partition, offset, Math::max));
    }

    /** The store takes them, then the listeners hear of those they do not know from before. */
    synchronized void append(List<LogRecord> records, HistoryStore store, Function<Event, String> body) {
        store.append(records);
        for (LogRecord record : records) {
            int partition = record.position().partition();
            long next = record.position().offset() + 1;
            reached.put(partition, next);
            boolean known = told.getOrDefault(partition, 0L) >= next;
            told.merge(partition, next, Math::max);
            if (!known && !listening.isEmpty()) {
                StoredEvent event = StoredEvent.of(record, body);
                List.copyOf(listening).forEach(each -> tell(each, event));
            }
        }
    }

    private void tell(Listening each, StoredEvent event) {
        try {
            each.listener.accept(event);
        } catch (RuntimeException e) {
            listening.remove(each);
            LOG.error("a follower of the history failed and is told no more", e);
        }
    }
}
