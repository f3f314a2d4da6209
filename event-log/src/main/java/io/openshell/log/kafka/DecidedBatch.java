package io.openshell.log.kafka;

import io.openshell.log.DecisionPort;
import io.openshell.log.Entry;
import io.openshell.log.LogRecord;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A polled batch after deciding.
 *
 * @param events in the order decided
 * @param next offset after the last decided command, for each partition that has one
 * @param faults commands that could not be decided, with what was thrown; nothing at or behind them is in the batch
 */
record DecidedBatch(List<DecidedEvent> events, Map<Integer, Long> next, Map<LogRecord, Throwable> faults) {

    List<Entry> entries() {
        return events.stream().map(DecidedEvent::entry).toList();
    }

    /**
     * Decides commands in order. When one throws, everything staged is dropped and the batch is decided anew without
     * that command and those behind it in its partition: what the failed decision may have left behind must not count.
     */
    static DecidedBatch decide(List<LogRecord> commands, DecisionPort port) {
        Map<Integer, Long> ends = new HashMap<>();
        Map<LogRecord, Throwable> faults = new LinkedHashMap<>();
        while (true) {
            DecidedBatch batch = attempt(commands, ends, port, faults);
            if (batch != null) {
                return batch;
            }
            port.aborted();
            faults.keySet().forEach(f -> ends.merge(f.position().partition(), f.position().offset(), Math::min));
        }
    }

    /** Null when a command threw; it is then in {@code faults}. */
    private static @Nullable DecidedBatch attempt(
            List<LogRecord> commands, Map<Integer, Long> ends, DecisionPort port, Map<LogRecord, Throwable> faults) {
        List<DecidedEvent> events = new ArrayList<>();
        Map<Integer, Long> next = new HashMap<>();
        for (LogRecord command : commands) {
            int partition = command.position().partition();
            if (command.position().offset() >= ends.getOrDefault(partition, Long.MAX_VALUE)) {
                continue;
            }
            try {
                List<Entry> decided = port.decide(command).events();
                decided.forEach(e -> check(e, partition));
                for (int i = 0; i < decided.size(); i++) {
                    events.add(new DecidedEvent(decided.get(i), command.position().offset(), decided.size() - i - 1));
                }
            } catch (RuntimeException | StackOverflowError e) {
                faults.put(command, e);
                return null;
            }
            next.put(partition, command.position().offset() + 1);
        }
        return new DecidedBatch(events, next, faults);
    }

    /** Owning a partition of commands is owning only the same partition of events. */
    private static void check(Entry entry, int partition) {
        if (Partitions.of(entry.stream(), Topics.PARTITIONS) != partition) {
            throw new IllegalStateException("an event of stream " + entry.stream() + " was decided in partition " + partition);
        }
        entry.node().ifPresent(Topics::nodeFeed);
    }
}
