package io.openshell.projection.fold;

import io.openshell.log.kafka.BrokerStartFailed;
import io.openshell.log.kafka.EmbeddedBroker;
import io.openshell.log.kafka.KafkaSettings;
import io.openshell.log.kafka.Topics;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Comparator;
import java.util.stream.Stream;

/** One broker for all tests of this JVM, with the topics in place; gone with its directory when the JVM ends. */
final class TestBroker {
    private static KafkaSettings settings;

    private TestBroker() {}

    /** Starts the broker at the first call. */
    static synchronized KafkaSettings shared() {
        if (settings == null) {
            try {
                Path directory = Files.createTempDirectory("openshell-views");
                EmbeddedBroker broker = EmbeddedBroker.start(directory);
                Runtime.getRuntime().addShutdownHook(new Thread(() -> {
                    broker.close();
                    delete(directory);
                }));
                new Topics(broker.settings(), Duration.ofSeconds(20)).ensure();
                settings = broker.settings();
            } catch (IOException | BrokerStartFailed e) {
                throw new IllegalStateException("no broker for the tests", e);
            }
        }
        return settings;
    }

    private static void delete(Path directory) {
        try (Stream<Path> all = Files.walk(directory)) {
            for (Path each : all.sorted(Comparator.reverseOrder()).toList()) {
                Files.deleteIfExists(each);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
