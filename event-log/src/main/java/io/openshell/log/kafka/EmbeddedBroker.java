package io.openshell.log.kafka;

import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.net.BindException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Function;
import kafka.server.KafkaConfig;
import kafka.server.KafkaRaftServer;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.utils.Time;
import org.apache.kafka.metadata.storage.Formatter;
import org.apache.kafka.server.common.MetadataVersion;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A Kafka broker and its controller inside this process, on loopback, with its data under one directory. Restarting on
 * the same directory continues the same log. The only file that touches the broker's internal classes.
 */
public final class EmbeddedBroker implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(EmbeddedBroker.class);
    private static final Duration CLOSE = Duration.ofSeconds(10);

    /** Below this the broker is not started: it would stop in the middle of its first segment. Bytes. */
    private static final long LEAST_SPACE = 64L << 20;

    private final KafkaRaftServer server;
    private final DirectoryLock lock;
    private final BrokerPorts ports;
    private final BrokerSecret secret;
    private final AtomicBoolean closed = new AtomicBoolean();

    private EmbeddedBroker(KafkaRaftServer server, DirectoryLock lock, BrokerPorts ports, BrokerSecret secret) {
        this.server = server;
        this.lock = lock;
        this.ports = ports;
        this.secret = secret;
    }

    /** Starts on ports remembered from the last run, or on free ones. */
    public static EmbeddedBroker start(Path directory) throws BrokerStartFailed {
        return start(directory, 0, 0);
    }

    /**
     * Formats the directory when it is new and starts; blocks until clients can connect, some seconds.
     *
     * @param clientPort loopback port for clients, 0 for a remembered or free one
     * @param controllerPort loopback port of the controller, 0 likewise
     */
    public static EmbeddedBroker start(Path directory, int clientPort, int controllerPort) throws BrokerStartFailed {
        return start(directory, clientPort, controllerPort, secret -> Map.of());
    }

    /** The same with settings of the broker besides; they are given the login line of its own users. */
    static EmbeddedBroker start(
            Path directory, int clientPort, int controllerPort, Function<String, Map<String, String>> besides)
            throws BrokerStartFailed {
        DirectoryLock lock = null;
        try {
            Files.createDirectories(directory);
            lock = DirectoryLock.take(directory);
            requireSpace(directory);
            BrokerPorts ports = BrokerPorts.choose(directory, clientPort, controllerPort);
            BrokerSecret secret = BrokerSecret.of(directory);
            Properties properties = BrokerProperties.of(directory, ports, secret);
            properties.putAll(besides.apply(secret.serverLogin()));
            format(directory);
            BrokerHalt.sayWhyFirst(directory);
            return new EmbeddedBroker(startServer(properties), lock, ports, secret);
        } catch (BrokerStartFailed e) {
            release(lock);
            throw e;
        } catch (Exception e) {
            // The broker's internals declare nothing and throw anything.
            release(lock);
            throw explain(directory, e);
        }
    }

    private static KafkaRaftServer startServer(Properties properties) {
        KafkaRaftServer server = new KafkaRaftServer(new KafkaConfig(properties, false), Time.SYSTEM);
        try {
            server.startup();
            return server;
        } catch (RuntimeException e) {
            server.shutdown();
            throw e;
        }
    }

    private static void requireSpace(Path directory) throws IOException, BrokerStartFailed {
        long usable = Files.getFileStore(directory).getUsableSpace();
        if (usable < LEAST_SPACE) {
            throw new BrokerStartFailed(
                    BrokerStartFailed.Reason.DISK_FULL,
                    "The disk of the log's directory " + directory + " has only " + (usable >> 20) + " MiB left, "
                            + (LEAST_SPACE >> 20) + " MiB are needed to start.");
        }
    }

    private static void format(Path directory) throws Exception {
        Path metadata = BrokerProperties.metadata(directory);
        if (Files.exists(metadata.resolve("meta.properties"))) {
            return;
        }
        String data = BrokerProperties.data(directory).toString();
        new Formatter()
                .setPrintStream(new PrintStream(OutputStream.nullOutputStream()))
                .setNodeId(1)
                .setClusterId(Uuid.randomUuid().toString())
                .setDirectories(List.of(data, metadata.toString()))
                .setMetadataLogDirectory(metadata.toString())
                .setReleaseVersion(MetadataVersion.latestProduction())
                .setControllerListenerName(BrokerProperties.CONTROLLER)
                .setIgnoreFormatted(true)
                .run();
    }

    private static BrokerStartFailed explain(Path directory, Exception e) {
        for (Throwable t = e; t != null; t = t.getCause()) {
            String message = String.valueOf(t.getMessage());
            if (t instanceof BindException) {
                return new BrokerStartFailed(
                        BrokerStartFailed.Reason.PORT_IN_USE, "A port of the log's broker was taken while it started: " + message, e);
            }
            if (message.contains("No space left on device")) {
                return new BrokerStartFailed(
                        BrokerStartFailed.Reason.DISK_FULL, "The disk of the log's directory " + directory + " is full.", e);
            }
        }
        if (e instanceof IOException) {
            return new BrokerStartFailed(
                    BrokerStartFailed.Reason.DIRECTORY_UNUSABLE, "The log's directory " + directory + " cannot be used: " + e + ".", e);
        }
        return new BrokerStartFailed(BrokerStartFailed.Reason.OTHER, "The log's broker did not start: " + e + ".", e);
    }

    private static void release(@Nullable DirectoryLock lock) {
        if (lock == null) {
            return;
        }
        try {
            lock.close();
        } catch (IOException e) {
            LOG.warn("the lock of the log's directory was not released cleanly", e);
        }
    }

    /** Where clients connect: loopback and the chosen port, with the secret the broker asks for. */
    public KafkaSettings settings() {
        return settings(ports, secret);
    }

    /**
     * The same for the broker another process of this user runs, read from the files beside its data.
     *
     * @throws IOException when no broker ever ran there, or its files are not this user's to read
     */
    public static KafkaSettings settingsOf(Path directory) throws IOException {
        return settings(BrokerPorts.remembered(directory), BrokerSecret.kept(directory));
    }

    private static KafkaSettings settings(BrokerPorts ports, BrokerSecret secret) {
        return new KafkaSettings("127.0.0.1:" + ports.client(), (short) 1, secret.clientSettings());
    }

    /** Port for clients. */
    public int clientPort() {
        return ports.client();
    }

    /** Port of the controller. */
    public int controllerPort() {
        return ports.controller();
    }

    /** Stops within ten seconds; what was acknowledged is kept. Closing again does nothing. */
    @Override
    public void close() {
        if (!closed.compareAndSet(false, true)) {
            return;
        }
        Thread stop = Thread.ofPlatform().name("broker-stop").daemon().start(() -> {
            server.shutdown();
            server.awaitShutdown();
        });
        try {
            if (stop.join(CLOSE)) {
                release(lock);
            } else {
                // Its threads may still write, so the directory stays locked until the process ends.
                LOG.error("the log's broker did not stop within {}", CLOSE);
            }
        } catch (InterruptedException e) {
            LOG.error("interrupted while the log's broker was stopping; its directory stays locked");
            Thread.currentThread().interrupt();
        }
    }
}
