package io.openshell.log.kafka;

import io.openshell.log.LogUnavailable;
import io.openshell.log.VaultLog;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.KafkaException;
import org.jspecify.annotations.Nullable;

/** The vault in Kafka: one compacted topic, where a record without a value destroys those before it. */
public final class KafkaVaultLog implements VaultLog {
    private static final int DELIVERY_MS = 5_000;
    private static final int BLOCK_MS = 1_000;
    private static final Duration CLOSE = Duration.ofSeconds(3);

    private final KafkaProducer<String, byte[]> producer;

    /** Does not wait for the log. */
    public KafkaVaultLog(KafkaSettings settings) {
        producer = new KafkaProducer<>(ClientProperties.producer(settings, DELIVERY_MS, BLOCK_MS));
    }

    @Override
    public CompletionStage<Void> put(String name, byte[] sealed) {
        return send(name, sealed);
    }

    @Override
    public CompletionStage<Void> destroy(String name) {
        return send(name, null);
    }

    private CompletionStage<Void> send(String name, byte @Nullable [] value) {
        CompletableFuture<Void> done = new CompletableFuture<>();
        try {
            producer.send(new ProducerRecord<>(Topics.VAULT, 0, name, value), (meta, failure) -> {
                if (failure == null) {
                    done.complete(null);
                } else {
                    done.completeExceptionally(unavailable(failure));
                }
            });
        } catch (KafkaException | IllegalStateException e) {
            done.completeExceptionally(unavailable(e));
        }
        return done;
    }

    private static LogUnavailable unavailable(Exception failure) {
        return new LogUnavailable(
                LogUnavailable.Cause.REFUSED, "the log did not take what the vault keeps: " + failure.getMessage(), failure);
    }

    @Override
    public void close() {
        producer.close(CLOSE);
    }
}
