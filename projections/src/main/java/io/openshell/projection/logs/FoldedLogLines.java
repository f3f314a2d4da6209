package io.openshell.projection.logs;

import com.google.protobuf.InvalidProtocolBufferException;
import io.openshell.log.LogRecord;
import io.openshell.log.RecordListener;
import io.openshell.projection.Subscription;
import io.openshell.wire.events.Times;
import io.openshell.wire.events.v1.ActivityRecord;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Log lines folded from the activity topic: the newest of each sandbox, and followers. */
public final class FoldedLogLines implements LogLines, RecordListener {

    private static final Logger LOG = LoggerFactory.getLogger(FoldedLogLines.class);

    private final Map<String, Deque<LogLine>> newest = new ConcurrentHashMap<>();
    private final Map<String, Long> sequences = new ConcurrentHashMap<>();
    private final Map<String, List<Consumer<LogLine>>> followers = new ConcurrentHashMap<>();

    @Override
    public List<LogLine> newest(String sandboxId, int count) {
        Deque<LogLine> lines = newest.get(sandboxId);
        if (lines == null) {
            return List.of();
        }
        synchronized (lines) {
            List<LogLine> all = new ArrayList<>(lines);
            return all.subList(Math.max(0, all.size() - count), all.size());
        }
    }

    @Override
    public Subscription follow(String sandboxId, Consumer<LogLine> listener) {
        followers.computeIfAbsent(sandboxId, id -> new CopyOnWriteArrayList<>()).add(listener);
        return () -> followers.computeIfPresent(sandboxId, (id, all) -> {
            all.remove(listener);
            return all.isEmpty() ? null : all;
        });
    }

    /** Lets go of the lines of a sandbox that is gone. */
    public void forget(String sandboxId) {
        newest.remove(sandboxId);
    }

    @Override
    public void onRecords(List<LogRecord> records) {
        for (LogRecord record : records) {
            try {
                accept(ActivityRecord.parseFrom(record.value()));
            } catch (InvalidProtocolBufferException e) {
                LOG.error("activity record set aside: position={} reason={}", record.position(), e.toString());
            }
        }
    }

    @Override
    public void onCaughtUp() {}

    private void accept(ActivityRecord record) {
        Long last = sequences.put(record.getAssertedBy(), record.getSequence());
        if (last != null && record.getSequence() > last + 1) {
            long lost = record.getSequence() - last - 1;
            add(line(record, "WARN", "activity", lost + " lines of " + record.getAssertedBy() + " were lost", Map.of()));
        }
        add(line(record, record.getLevel(), record.getTarget(), record.getMessage(), record.getFieldsMap()));
    }

    private static LogLine line(
            ActivityRecord r, String level, String target, String message, Map<String, String> fields) {
        return new LogLine(r.getSandboxId(), Times.decode(r.getTime()), level, target, message, "sandbox", fields);
    }

    private void add(LogLine line) {
        Deque<LogLine> lines = newest.computeIfAbsent(line.sandboxId(), id -> new ArrayDeque<>());
        synchronized (lines) {
            lines.addLast(line);
            if (lines.size() > CAPACITY) {
                lines.removeFirst();
            }
        }
        followers.getOrDefault(line.sandboxId(), List.of()).forEach(each -> each.accept(line));
    }
}
