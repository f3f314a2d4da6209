package io.openshell.projection.fold;

import io.openshell.model.CommandId;
import io.openshell.model.Outcome;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The newest commands of one stream and how they ended, so that a repeated command has no second effect. Immutable. */
final class RecentCommands {

    /** A command repeated after this many others of the same stream is taken for a new one, unless it stems from a call. */
    static final int REMEMBERED = 32;

    static final RecentCommands NONE = new RecentCommands(null, new Entry[0]);

    /**
     * A command that was decided.
     *
     * @param digest of the request behind it; empty when it stems from no call
     */
    record Entry(CommandId id, String digest, Outcome outcome) {}

    private final @Nullable StoredCommands stored;

    /** Null until somebody asks for what was stored; read twice by two who ask at once, with the same result. */
    private volatile Entry @Nullable [] newestLast;

    private RecentCommands(@Nullable StoredCommands stored, Entry @Nullable [] newestLast) {
        this.stored = stored;
        this.newestLast = newestLast;
    }

    /** As a snapshot has them; read when first asked for. */
    static RecentCommands of(StoredCommands stored) {
        return new RecentCommands(stored, null);
    }

    /** What they were read from; empty when they stem from events. */
    Optional<StoredCommands> stored() {
        return Optional.ofNullable(stored);
    }

    List<Entry> entries() {
        return List.of(newestLast());
    }

    private Entry[] newestLast() {
        Entry[] known = newestLast;
        if (known == null) {
            known = Objects.requireNonNull(stored).read().toArray(new Entry[0]);
            newestLast = known;
        }
        return known;
    }

    /** The one decided last; there must be one. */
    Entry newest() {
        Entry[] all = newestLast();
        return all[all.length - 1];
    }

    /** Newest first. */
    Optional<Entry> find(CommandId id) {
        Entry[] all = newestLast();
        for (int i = all.length - 1; i >= 0; i--) {
            if (all[i].id().equals(id)) {
                return Optional.of(all[i]);
            }
        }
        return Optional.empty();
    }

    RecentCommands with(CommandId id, String digest, Outcome outcome) {
        Entry[] all = newestLast();
        int last = all.length - 1;
        boolean replaces = last >= 0 && all[last].id().equals(id);
        int kept = replaces ? last : Math.min(all.length, REMEMBERED - 1);
        Entry[] next = new Entry[kept + 1];
        int from = replaces ? 0 : all.length - kept;
        System.arraycopy(all, from, next, 0, kept);
        next[kept] = new Entry(id, digest, outcome);
        return new RecentCommands(null, next);
    }
}
