package io.openshell.gateway.archive;

import com.eventstore.dbclient.AppendToStreamOptions;
import com.eventstore.dbclient.EventData;
import com.eventstore.dbclient.EventDataBuilder;
import com.eventstore.dbclient.EventStoreDBClient;
import com.eventstore.dbclient.EventStoreDBConnectionString;
import com.eventstore.dbclient.ExpectedRevision;
import com.eventstore.dbclient.WrongExpectedVersionException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The streams of an EventStoreDB server or cluster. The only class that knows its client. */
final class EventStoreStreams implements ArchiveStreams {

    private static final Logger LOG = LoggerFactory.getLogger(EventStoreStreams.class);
    private static final long APPEND_MS = 5_000;
    private static final long CLOSE_MS = 3_000;
    private final EventStoreDBClient client;

    private EventStoreStreams(EventStoreDBClient client) {
        this.client = client;
    }

    /**
     * A client for what the file names; it connects with the first append.
     *
     * @param file holds one connection string, {@code esdb://USER:PASSWORD@HOST:PORT?tls=true} or {@code esdb+discover://...}
     * @throws UnusableArchive when it does not; never tells what stands in it
     */
    static EventStoreStreams of(Path file) {
        try {
            return new EventStoreStreams(EventStoreDBClient.create(
                    EventStoreDBConnectionString.parseOrThrow(Files.readString(file).strip())));
        } catch (IOException | RuntimeException e) {
            // The parser's message may repeat the string, which holds a password.
            throw new UnusableArchive("the archive's connection string in " + file + " cannot be used (" + e.getClass().getSimpleName()
                    + "); one line esdb://USER:PASSWORD@HOST:PORT is expected");
        }
    }

    @Override
    public CompletableFuture<Appended> append(List<ArchivedEvent> events) {
        AppendToStreamOptions options = AppendToStreamOptions.get();
        options.deadline(APPEND_MS);
        options.expectedRevision(expected(events.getFirst()));
        return client.appendToStream(events.getFirst().stream(), options, events.stream().map(EventStoreStreams::data).iterator())
                .<Appended>thenApply(written -> new Appended.Done())
                .exceptionally(EventStoreStreams::refused);
    }

    private static ExpectedRevision expected(ArchivedEvent first) {
        if (first.revision().isEmpty()) {
            return ExpectedRevision.any();
        }
        long revision = first.revision().getAsLong();
        return revision == 0 ? ExpectedRevision.noStream() : ExpectedRevision.expectedRevision(revision - 1);
    }

    private static EventData data(ArchivedEvent event) {
        return EventDataBuilder.json(event.id(), event.type(), event.data()).metadataAsBytes(event.metadata()).build();
    }

    private static Appended refused(Throwable failure) {
        Throwable cause = failure instanceof CompletionException && failure.getCause() != null ? failure.getCause() : failure;
        if (cause instanceof WrongExpectedVersionException elsewhere) {
            ExpectedRevision newest = elsewhere.getActualVersion();
            return new Appended.EndsElsewhere(newest.equals(ExpectedRevision.noStream()) ? -1 : newest.toRawLong());
        }
        throw new CompletionException(cause);
    }

    @Override
    public void close() {
        try {
            client.shutdown().get(CLOSE_MS, TimeUnit.MILLISECONDS);
        } catch (ExecutionException | TimeoutException e) {
            LOG.warn("the connections to the archive did not end in order: reason={}", e.toString());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** The archive cannot be used as it is configured; the message says why. */
    static final class UnusableArchive extends IllegalArgumentException {
        private static final long serialVersionUID = 1L;

        UnusableArchive(String message) {
            super(message);
        }
    }
}
