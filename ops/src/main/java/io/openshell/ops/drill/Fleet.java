package io.openshell.ops.drill;

import io.openshell.cli.client.Endpoint;
import io.openshell.cli.client.GatewayClient;
import io.openshell.cli.client.RpcException;
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
import java.util.Map;

/** Brokers, a simulated node and several gateways that run no sandboxes, each in a process of its own. One thread at a time. */
final class Fleet implements AutoCloseable {

    static final Duration START = Duration.ofSeconds(90);
    static final Duration STOP = Duration.ofSeconds(30);

    private final Brokers brokers;
    private final Child node;
    private final List<Child> gateways = new ArrayList<>();

    Fleet(Path home, int count, Brokers brokers) {
        this.brokers = brokers;
        this.node = new Child(home, "node", 96, NodeMain.class.getName(), brokers.gatewayArguments());
        for (int i = 0; i < count; i++) {
            List<String> arguments = new ArrayList<>(List.of("--port", "" + freePort(), "--no-node"));
            arguments.addAll(brokers.gatewayArguments());
            gateways.add(new Child(home, "gateway-" + i, 192, "io.openshell.gateway.Main", arguments));
        }
    }

    void start() {
        brokers.start();
        gateways.forEach(Child::start);
        gateways.forEach(this::awaitAnswer);
        node.start();
    }

    private void awaitAnswer(Child gateway) {
        Waiting.until("a gateway answers", START, () -> {
            if (!gateway.alive()) {
                // A gateway whose log is away ends; somebody, usually the service manager, starts it again.
                gateway.start();
            }
            return answers(gateway);
        });
    }

    private static boolean answers(Child gateway) {
        try {
            return Files.exists(socket(gateway)) && client(gateway, Map.of()).health(Duration.ofSeconds(5)) != null;
        } catch (RpcException notYet) {
            return false;
        }
    }

    int size() {
        return gateways.size();
    }

    /** How the log is reached, for those who look at it directly. */
    KafkaSettings log() {
        return brokers.settings();
    }

    GatewayClient client(int gateway, Map<String, String> metadata) {
        return client(gateways.get(gateway), metadata);
    }

    private static GatewayClient client(Child gateway, Map<String, String> metadata) {
        return new GatewayClient(new Endpoint.Unix(socket(gateway)), metadata);
    }

    private static Path socket(Child gateway) {
        return gateway.home().resolve("state/openshell/gateway.sock");
    }

    void crashGateway(int gateway) {
        gateways.get(gateway).kill();
    }

    void stopGateway(int gateway) {
        gateways.get(gateway).stop(STOP);
    }

    /** Starts it and waits until it answers. */
    void startGateway(int gateway) {
        gateways.get(gateway).start();
        awaitAnswer(gateways.get(gateway));
    }

    /** What it reported and what it did not is for the next one to find out from the log. */
    void crashNode() {
        node.kill();
    }

    void startNode() {
        node.start();
    }

    void crashBroker() {
        brokers.crash();
    }

    /** Starts it and waits until it takes connections; gateways find back by themselves. */
    void restartBroker() {
        brokers.restart();
    }

    static int freePort() {
        try (ServerSocket free = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return free.getLocalPort();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public void close() {
        node.kill();
        gateways.forEach(Child::kill);
        brokers.close();
    }
}
