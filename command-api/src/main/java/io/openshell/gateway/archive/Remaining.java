package io.openshell.gateway.archive;

import java.util.List;

/** What to do with events whose stream ends elsewhere than where they go on. Pure. */
sealed interface Remaining {

    /** Earlier events of the stream are missing in the archive. */
    record Gap() implements Remaining {}

    /** Other events stand at these revisions. */
    record Different() implements Remaining {}

    /**
     * Some may be there already: they are appended once more by themselves, which shows whether they are the same; then the others.
     */
    record Overlap(List<ArchivedEvent> known, List<ArchivedEvent> rest) implements Remaining {}

    /**
     * Looks at events with revisions.
     *
     * @param newest the stream's newest revision, -1 for none
     */
    static Remaining of(List<ArchivedEvent> events, long newest) {
        long first = events.getFirst().revision().orElseThrow();
        long last = events.getLast().revision().orElseThrow();
        if (newest < first - 1) {
            return new Gap();
        }
        if (newest >= last) {
            return new Different();
        }
        int known = Math.toIntExact(newest - first + 1);
        return new Overlap(events.subList(0, known), events.subList(known, events.size()));
    }
}
