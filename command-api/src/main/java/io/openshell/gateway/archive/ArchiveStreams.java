package io.openshell.gateway.archive;

import java.util.List;
import java.util.concurrent.CompletableFuture;

/** The event store as the archive needs it. Any thread. */
interface ArchiveStreams extends AutoCloseable {

    /** What became of an append. */
    sealed interface Appended {

        /** The events stand there, from now on or since an earlier attempt. */
        record Done() implements Appended {}

        /**
         * Nothing was written: the stream ends elsewhere.
         *
         * @param newest its newest revision, -1 when there is no such stream
         */
        record EndsElsewhere(long newest) implements Appended {}
    }

    /**
     * Appends all of these or none. Events that stand at their revisions already, with their ids, are done.
     *
     * @param events of one stream, in order, their revisions without a gap; never empty
     * @return fails when the store does not answer in time or refuses; whether the events were written is unknown then
     */
    CompletableFuture<Appended> append(List<ArchivedEvent> events);

    /** Ends the connections within a few seconds. */
    @Override
    void close();
}
