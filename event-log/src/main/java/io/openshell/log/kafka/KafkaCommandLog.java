package io.openshell.log.kafka;

import io.openshell.log.CommandLog;
import io.openshell.log.LogUnavailable;
import io.openshell.log.Position;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicLong;
import org.apache.kafka.clients.producer.BufferExhaustedException;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.errors.TimeoutException;

/** Commands into Kafka. Acknowledged by all replicas, at most {@code inFlight} at a time, each within the deadline. */
public final class KafkaCommandLog implements CommandLog {
    /** Commands under way at most, unless told otherwise. */
    public static final int DEFAULT_IN_FLIGHT = 4_096;

    /** Time for an acknowledgement, unless told otherwise. */
    public static final Duration DEFAULT_DEADLINE = Duration.ofSeconds(5);

    /** A caller may be an event loop; metadata is fetched up front, so this is only met when memory runs out. */
    private static final int MAX_BLOCK_MS = 20;

    private final KafkaProducer<String, byte[]> producer;
    private final Semaphore free;
    private final Duration deadline;

    /** When the newest append failed, in nanoseconds; 0 when it did not. */
    private final AtomicLong failedAt = new AtomicLong();

    private KafkaCommandLog(KafkaProducer<String, byte[]> producer, int inFlight, Duration deadline) {
        this.producer = producer;
        this.free = new Semaphore(inFlight);
        this.deadline = deadline;
    }

    /** With the default bounds; see {@link #open(KafkaSettings, int, Duration)}. */
    public static KafkaCommandLog open(KafkaSettings settings) {
        return open(settings, DEFAULT_IN_FLIGHT, DEFAULT_DEADLINE);
    }

    /**
     * Connects; blocks until the commands topic was seen.
     *
     * @throws LogUnavailable when that takes longer than the deadline
     */
    public static KafkaCommandLog open(KafkaSettings settings, int inFlight, Duration deadline) {
        var producer = new KafkaProducer<String, byte[]>(
                ClientProperties.commands(settings, Math.toIntExact(deadline.toMillis()), MAX_BLOCK_MS));
        long end = System.nanoTime() + deadline.toNanos();
        while (true) {
            try {
                producer.partitionsFor(Topics.COMMANDS);
                return new KafkaCommandLog(producer, inFlight, deadline);
            } catch (TimeoutException e) {
                // Each look lasts MAX_BLOCK_MS, so this does not spin.
                if (System.nanoTime() - end >= 0) {
                    producer.close(Duration.ZERO);
                    throw new LogUnavailable(LogUnavailable.Cause.DEADLINE, "no commands topic within " + deadline, e);
                }
            } catch (KafkaException e) {
                producer.close(Duration.ZERO);
                throw new LogUnavailable(LogUnavailable.Cause.REFUSED, "the log refused the client: " + e.getMessage(), e);
            }
        }
    }

    @Override
    public CompletionStage<Position> append(String stream, byte[] command) {
        if (!free.tryAcquire()) {
            return CompletableFuture.failedFuture(
                    new LogUnavailable(LogUnavailable.Cause.FULL, "too many commands are waiting for the log"));
        }
        CompletableFuture<Position> position = new CompletableFuture<>();
        int partition = Partitions.of(stream, Topics.PARTITIONS);
        try {
            producer.send(new ProducerRecord<>(Topics.COMMANDS, partition, stream, command), (meta, failure) -> {
                free.release();
                failedAt.set(failure == null ? 0 : Math.max(1, System.nanoTime()));
                if (failure == null) {
                    position.complete(new Position(meta.partition(), meta.offset()));
                } else {
                    position.completeExceptionally(unavailable(failure));
                }
            });
        } catch (KafkaException | IllegalStateException e) {
            // Thrown instead of a callback: the producer is closed, or the record never entered it.
            free.release();
            position.completeExceptionally(unavailable(e));
        }
        return position;
    }

    /** Whether the newest append, if it was in this time, failed. Any thread. */
    public boolean failedWithin(Duration time) {
        long at = failedAt.get();
        return at != 0 && System.nanoTime() - at < time.toNanos();
    }

    private LogUnavailable unavailable(Exception failure) {
        if (failure instanceof BufferExhaustedException) {
            return new LogUnavailable(LogUnavailable.Cause.FULL, "too many bytes are waiting for the log", failure);
        }
        if (failure instanceof TimeoutException) {
            return new LogUnavailable(
                    LogUnavailable.Cause.DEADLINE, "the log did not acknowledge the command within " + deadline, failure);
        }
        return new LogUnavailable(
                LogUnavailable.Cause.REFUSED, "the log did not take the command: " + failure.getMessage(), failure);
    }

    @Override
    public void close() {
        producer.close(deadline);
    }
}
