package io.openshell.projection.fold;

import io.openshell.model.CommandId;
import io.openshell.model.Outcome;
import java.util.Optional;

/** The newest commands of one stream and how they ended, so that a repeated command has no second effect. Immutable. */
final class RecentCommands {

    /** A command repeated after this many others of the same stream is taken for a new one. */
    static final int REMEMBERED = 32;

    static final RecentCommands NONE = new RecentCommands(new Entry[0]);

    private record Entry(CommandId id, Outcome outcome) {}

    private final Entry[] newestLast;

    private RecentCommands(Entry[] newestLast) {
        this.newestLast = newestLast;
    }

    Optional<Outcome> outcome(CommandId id) {
        for (Entry each : newestLast) {
            if (each.id().equals(id)) {
                return Optional.of(each.outcome());
            }
        }
        return Optional.empty();
    }

    RecentCommands with(CommandId id, Outcome outcome) {
        int last = newestLast.length - 1;
        boolean replaces = last >= 0 && newestLast[last].id().equals(id);
        int kept = replaces ? last : Math.min(newestLast.length, REMEMBERED - 1);
        Entry[] next = new Entry[kept + 1];
        int from = replaces ? 0 : newestLast.length - kept;
        System.arraycopy(newestLast, from, next, 0, kept);
        next[kept] = new Entry(id, outcome);
        return new RecentCommands(next);
    }
}
