package io.openshell.log.kafka;

import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;

/** A process with a broker that writes until its disk is full; says what was acknowledged. */
final class DiskFiller {

    private DiskFiller() {}

    public static void main(String[] arguments) throws Exception {
        EmbeddedBroker broker = EmbeddedBroker.start(Path.of(arguments[0]));
        new Topics(broker.settings(), Duration.ofSeconds(20)).ensure();
        try (var producer = new KafkaProducer<String, byte[]>(ClientProperties.producer(broker.settings(), 5_000, 2_000))) {
            while (true) {
                producer.send(new ProducerRecord<>(Topics.EVENTS, 0, "s", new byte[900_000])).get(10, TimeUnit.SECONDS);
                System.out.println("acknowledged record");
            }
        } finally {
            // The broker gives up a moment after its last refusal.
            Thread.sleep(20_000);
        }
    }
}
