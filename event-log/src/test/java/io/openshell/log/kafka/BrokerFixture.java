package io.openshell.log.kafka;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Comparator;
import java.util.stream.Stream;

/** One broker for all tests of this JVM, with the topics in place; gone with its directory when the JVM ends. */
public final class BrokerFixture {
    private static final Duration DEADLINE = Duration.ofSeconds(20);
    private static KafkaSettings settings;

    private BrokerFixture() {}

    /** Starts the broker at the first call. */
    public static synchronized KafkaSettings shared() {
        if (settings == null) {
            try {
                Path directory = Files.createTempDirectory("openshell-log");
                EmbeddedBroker broker = EmbeddedBroker.start(directory);
                Runtime.getRuntime().addShutdownHook(new Thread(() -> {
                    broker.close();
                    delete(directory);
                }));
                new Topics(broker.settings(), DEADLINE).ensure();
                settings = broker.settings();
            } catch (IOException | BrokerStartFailed e) {
                throw new IllegalStateException("no broker for the tests", e);
            }
        }
        return settings;
    }

    static void delete(Path directory) {
        try (Stream<Path> all = Files.walk(directory)) {
            all.sorted(Comparator.reverseOrder()).forEach(path -> {
                try {
                    Files.deleteIfExists(path);
                } catch (IOException e) {
                    throw new UncheckedIOException(e);
                }
            });
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
