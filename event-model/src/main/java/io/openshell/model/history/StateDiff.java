package io.openshell.model.history;

import io.openshell.model.AggregateState;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeSet;

/** What differs between two states of one stream. Pure. */
public final class StateDiff {

    private StateDiff() {}

    /** Every fact that differs, by path; empty when a person would call the two the same. */
    public static List<Change> between(AggregateState before, AggregateState after) {
        return between(StateFacts.of(before), StateFacts.of(after));
    }

    /** The same of facts that were told already. */
    static List<Change> between(SortedMap<String, String> before, SortedMap<String, String> after) {
        TreeSet<String> paths = new TreeSet<>(before.keySet());
        paths.addAll(after.keySet());
        List<Change> changes = new ArrayList<>();
        for (String path : paths) {
            String was = before.get(path);
            String is = after.get(path);
            if (was == null && is != null) {
                changes.add(new Change.Added(path, is));
            } else if (was != null && is == null) {
                changes.add(new Change.Removed(path, was));
            } else if (was != null && is != null && !was.equals(is)) {
                changes.add(new Change.Changed(path, was, is));
            }
        }
        return changes;
    }
}
