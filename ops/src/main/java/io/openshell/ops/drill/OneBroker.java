package io.openshell.ops.drill;

import io.openshell.log.kafka.ClientFile;
import io.openshell.log.kafka.KafkaSettings;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** A single broker: while it is away, nothing can be written. */
public final class OneBroker implements Brokers {

    private final Path clientFile;
    private final int port = Fleet.freePort();
    private final Child process;

    /** Its files are below this folder. */
    public OneBroker(Path home) {
        this.clientFile = home.resolve("client.properties");
        this.process = new Child(home, "broker", 256, BrokerMain.class.getName(), List.of(
                home.resolve("log").toString(), "" + port, "" + Fleet.freePort(), clientFile.toString()));
    }

    @Override
    public void start() {
        process.start();
        Waiting.until("the broker runs", Fleet.START, () -> Files.exists(clientFile) && accepts(port));
    }

    private static boolean accepts(int port) {
        try (var probe = new Socket(InetAddress.getLoopbackAddress(), port)) {
            return true;
        } catch (IOException notYet) {
            return false;
        }
    }

    @Override
    public KafkaSettings settings() {
        return new KafkaSettings("127.0.0.1:" + port, (short) 1, ClientFile.read(clientFile));
    }

    @Override
    public List<String> gatewayArguments() {
        return List.of("--kafka", "127.0.0.1:" + port, "--kafka-config", clientFile.toString());
    }

    @Override
    public void crash() {
        process.kill();
    }

    @Override
    public void restart() {
        start();
    }

    @Override
    public void close() {
        process.kill();
    }
}
