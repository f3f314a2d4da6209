package io.openshell.log.kafka;

import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.errors.InterruptException;

/** Waits for the log to take a record. */
final class Acknowledged {
    private Acknowledged() {}

    /**
     * Where the record stands.
     *
     * @throws KafkaException when the log did not take it in time; whether it will is not known
     */
    static RecordMetadata await(Future<RecordMetadata> sent) {
        try {
            return sent.get(ClientProperties.API_TIMEOUT_MS, TimeUnit.MILLISECONDS);
        } catch (ExecutionException e) {
            throw e.getCause() instanceof KafkaException cause ? cause : new KafkaException("the log did not take a record", e);
        } catch (TimeoutException e) {
            throw new org.apache.kafka.common.errors.TimeoutException("the log did not take a record in time", e);
        } catch (InterruptedException e) {
            throw new InterruptException(e); // sets the interrupt again
        }
    }
}
