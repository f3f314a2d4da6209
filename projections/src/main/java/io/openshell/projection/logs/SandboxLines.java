package io.openshell.projection.logs;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The newest lines of one sandbox, bounded in number and in characters. Guarded by its own lock. */
final class SandboxLines {

    /** Writers whose numbering is followed, at the most: the node that runs the sandbox, its gateways. */
    private static final int MOST_WRITERS = 16;

    private final int mostLines;
    private final long mostChars;
    private final Deque<LogLine> lines = new ArrayDeque<>();
    private final Map<String, Long> numbers = new HashMap<>();
    private long chars;

    SandboxLines(int mostLines, long mostChars) {
        this.mostLines = mostLines;
        this.mostChars = mostChars;
    }

    /** Adds a line and, when the writer's numbers show a gap, a line that says so before it; returns what was added. */
    synchronized List<LogLine> add(ActivityLine next) {
        List<LogLine> added = new ArrayList<>(2);
        Long last = lastNumber(next);
        // A writer that starts again counts from the beginning: a smaller number is no gap.
        if (last != null && next.sequence() > last + 1) {
            added.add(next.lost(next.sequence() - last - 1));
        }
        added.add(next.line());
        added.forEach(this::append);
        return added;
    }

    private @Nullable Long lastNumber(ActivityLine next) {
        if (numbers.size() >= MOST_WRITERS && !numbers.containsKey(next.writer())) {
            numbers.clear();
        }
        return numbers.put(next.writer(), next.sequence());
    }

    private void append(LogLine line) {
        lines.addLast(line);
        chars += size(line);
        // The newest line stays however long it is.
        while (lines.size() > mostLines || (chars > mostChars && lines.size() > 1)) {
            chars -= size(lines.removeFirst());
        }
    }

    synchronized List<LogLine> newest(int count) {
        List<LogLine> all = new ArrayList<>(lines);
        return List.copyOf(all.subList(Math.max(0, all.size() - Math.max(0, count)), all.size()));
    }

    synchronized long characters() {
        return chars;
    }

    private static long size(LogLine line) {
        long fields = 0;
        for (Map.Entry<String, String> each : line.fields().entrySet()) {
            fields += each.getKey().length() + each.getValue().length();
        }
        return line.message().length() + line.target().length() + fields;
    }
}
