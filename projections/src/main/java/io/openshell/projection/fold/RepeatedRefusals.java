package io.openshell.projection.fold;

import io.openshell.model.Actor;
import io.openshell.model.CommandEnvelope;
import io.openshell.model.Rejection;
import io.openshell.model.StreamId;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Refusals that one actor meets again and again. The first of a kind is recorded as an event of its own; those within the
 * minute after it are counted, and the count becomes one more event. Pure bookkeeping: whoever asks has decided the
 * command and tells the time. Bounded; when full, the oldest is handed out before its time. Any thread.
 */
final class RepeatedRefusals {

    /** How long refusals are counted before their count is recorded. */
    static final Duration WINDOW = Duration.ofSeconds(60);

    /** Kinds of refusal counted at a time. */
    static final int MOST = 1_024;

    private record Kind(StreamId stream, Actor actor, String command) {
        static Kind of(CommandEnvelope envelope) {
            return new Kind(envelope.stream(), envelope.context().actor(), envelope.command().getClass().getSimpleName());
        }
    }

    /**
     * What is to be recorded.
     *
     * @param last of the commands that were refused
     */
    record Counted(CommandEnvelope last, Rejection rejection, int count) {}

    private static final class Window {
        private final Rejection rejection;
        private final long openedAt;
        private int count;
        private CommandEnvelope last;

        Window(CommandEnvelope first, Rejection rejection, long now) {
            this.rejection = rejection;
            this.openedAt = now;
            this.last = first;
        }
    }

    private final Map<Kind, Window> windows = new LinkedHashMap<>();

    /** A refusal of this command was recorded: those like it are counted from now on. Nanoseconds. */
    synchronized List<Counted> recorded(CommandEnvelope command, Rejection rejection, long now) {
        List<Counted> out = new ArrayList<>();
        Window before = windows.remove(Kind.of(command));
        add(out, before);
        if (windows.size() >= MOST) {
            Iterator<Window> oldest = windows.values().iterator();
            add(out, oldest.next());
            oldest.remove();
        }
        windows.put(Kind.of(command), new Window(command, rejection, now));
        return out;
    }

    /** Counts the command if it is refused just as one that was recorded less than a window ago. Nanoseconds. */
    synchronized Optional<Rejection> again(CommandEnvelope command, Rejection decided, long now) {
        Window window = windows.get(Kind.of(command));
        if (window == null || !window.rejection.equals(decided) || now - window.openedAt >= WINDOW.toNanos()) {
            return Optional.empty();
        }
        window.count++;
        window.last = command;
        return Optional.of(decided);
    }

    /** Takes out the windows that are over; all of them when {@code now} is empty. */
    synchronized List<Counted> due(Optional<Long> now) {
        List<Counted> out = new ArrayList<>();
        for (Iterator<Window> each = windows.values().iterator(); each.hasNext(); ) {
            Window window = each.next();
            if (now.isEmpty() || now.get() - window.openedAt >= WINDOW.toNanos()) {
                add(out, window);
                each.remove();
            }
        }
        return out;
    }

    private static void add(List<Counted> out, @Nullable Window window) {
        if (window != null && window.count > 0) {
            out.add(new Counted(window.last, window.rejection, window.count));
        }
    }
}
