package io.openshell.ops.drill;

import io.openshell.log.kafka.KafkaSettings;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** The cluster of {@code ops/kafka/cluster}: while one of three is away, writing goes on. They are ended in turn. */
final class ThreeBrokers implements Brokers {

    private static final Duration LIMIT = Duration.ofMinutes(2);

    private final Path folder;
    private final int port = freePorts();
    private int ended;

    ThreeBrokers(Path home) {
        this.folder = home.resolve("cluster");
    }

    /** First of thirteen neighbouring ports nobody listens on: three for clients, three for controllers. */
    private static int freePorts() {
        for (int tries = 0; tries < 50; tries++) {
            int first = Fleet.freePort();
            if (first < 65_000 && List.of(0, 1, 2, 10, 11, 12).stream().allMatch(each -> isFree(first + each))) {
                return first;
            }
        }
        throw new Waiting.DrillFailed("there are no six free ports");
    }

    private static boolean isFree(int port) {
        try (ServerSocket probe = new ServerSocket(port, 1, InetAddress.getLoopbackAddress())) {
            return true;
        } catch (IOException taken) {
            return false;
        }
    }

    @Override
    public void start() {
        script("start", folder.toString(), "" + port);
    }

    @Override
    public KafkaSettings settings() {
        return KafkaSettings.open(bootstrap(), (short) 3);
    }

    private String bootstrap() {
        return "127.0.0.1:" + port + ",127.0.0.1:" + (port + 1) + ",127.0.0.1:" + (port + 2);
    }

    @Override
    public List<String> gatewayArguments() {
        return List.of("--kafka", bootstrap());
    }

    @Override
    public void crash() {
        ended = ended % 3 + 1;
        script("kill", folder.toString(), "" + ended);
    }

    @Override
    public void restart() {
        script("start-one", folder.toString(), "" + ended);
    }

    @Override
    public void close() {
        for (int each = 1; each <= 3; each++) {
            script("kill", folder.toString(), "" + each);
        }
    }

    private void script(String... arguments) {
        // From the root of the sources, or from the folder of the tests' module.
        Path script = Files.exists(Path.of("ops/kafka/cluster")) ? Path.of("ops/kafka/cluster") : Path.of("kafka/cluster");
        List<String> command = new ArrayList<>(List.of(script.toAbsolutePath().toString()));
        command.addAll(List.of(arguments));
        try {
            Files.createDirectories(folder);
            ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true)
                    .redirectOutput(ProcessBuilder.Redirect.appendTo(folder.resolve("script.out").toFile()));
            builder.environment().put("JAVA_HOME", System.getProperty("java.home"));
            builder.environment().put("KAFKA_CLASS_PATH", System.getProperty("java.class.path"));
            Process process = builder.start();
            if (!process.waitFor(LIMIT.toSeconds(), TimeUnit.SECONDS) || process.exitValue() != 0) {
                process.destroyForcibly();
                throw new Waiting.DrillFailed(String.join(" ", arguments) + ": " + Files.readString(folder.resolve("script.out")));
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new Waiting.DrillFailed("interrupted");
        }
    }
}
