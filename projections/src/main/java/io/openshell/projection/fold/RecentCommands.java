package io.openshell.projection.fold;

import io.openshell.model.CommandId;
import io.openshell.model.Outcome;
import java.util.List;
import java.util.Optional;

/** The newest commands of one stream and how they ended, so that a repeated command has no second effect. Immutable. */
final class RecentCommands {

    /** A command repeated after this many others of the same stream is taken for a new one, unless it stems from a call. */
    static final int REMEMBERED = 32;

    static final RecentCommands NONE = new RecentCommands(new Entry[0]);

    /**
     * A command that was decided.
     *
     * @param digest of the request behind it; empty when it stems from no call
     */
    record Entry(CommandId id, String digest, Outcome outcome) {}

    private final Entry[] newestLast;

    private RecentCommands(Entry[] newestLast) {
        this.newestLast = newestLast;
    }

    static RecentCommands of(List<Entry> newestLast) {
        return new RecentCommands(newestLast.toArray(new Entry[0]));
    }

    List<Entry> entries() {
        return List.of(newestLast);
    }

    /** The one decided last; there must be one. */
    Entry newest() {
        return newestLast[newestLast.length - 1];
    }

    /** Newest first. */
    Optional<Entry> find(CommandId id) {
        for (int i = newestLast.length - 1; i >= 0; i--) {
            if (newestLast[i].id().equals(id)) {
                return Optional.of(newestLast[i]);
            }
        }
        return Optional.empty();
    }

    RecentCommands with(CommandId id, String digest, Outcome outcome) {
        int last = newestLast.length - 1;
        boolean replaces = last >= 0 && newestLast[last].id().equals(id);
        int kept = replaces ? last : Math.min(newestLast.length, REMEMBERED - 1);
        Entry[] next = new Entry[kept + 1];
        int from = replaces ? 0 : newestLast.length - kept;
        System.arraycopy(newestLast, from, next, 0, kept);
        next[kept] = new Entry(id, digest, outcome);
        return new RecentCommands(next);
    }
}
