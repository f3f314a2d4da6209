package io.openshell.log.kafka;

import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Properties;

/** Settings of the broker inside the process: one node, loopback only, small. */
final class BrokerProperties {
    static final String CLIENT = "CLIENT";
    static final String CONTROLLER = "CONTROLLER";

    private BrokerProperties() {}

    static Path data(Path directory) {
        return directory.resolve("data");
    }

    static Path metadata(Path directory) {
        return directory.resolve("meta");
    }

    static Properties of(Path directory, BrokerPorts ports, BrokerSecret secret) {
        Properties p = new Properties();
        p.put("process.roles", "broker,controller");
        p.put("node.id", "1");
        p.put("controller.quorum.voters", "1@127.0.0.1:" + ports.controller());
        p.put("controller.listener.names", CONTROLLER);
        p.put("listeners", CLIENT + "://127.0.0.1:" + ports.client() + "," + CONTROLLER + "://127.0.0.1:" + ports.controller());
        p.put("advertised.listeners", CLIENT + "://127.0.0.1:" + ports.client());
        p.put("listener.security.protocol.map", CLIENT + ":SASL_PLAINTEXT," + CONTROLLER + ":SASL_PLAINTEXT");
        p.put("inter.broker.listener.name", CLIENT);
        p.put("log.dirs", data(directory).toString());
        p.put("metadata.log.dir", metadata(directory).toString());
        alone(p);
        timing(p);
        guarded(p, secret);
        return p;
    }

    private static void guarded(Properties p, BrokerSecret secret) {
        p.put("sasl.enabled.mechanisms", "PLAIN");
        p.put("sasl.mechanism.inter.broker.protocol", "PLAIN");
        p.put("sasl.mechanism.controller.protocol", "PLAIN");
        for (String listener : List.of(CLIENT, CONTROLLER)) {
            p.put("listener.name." + listener.toLowerCase(Locale.ROOT) + ".plain.sasl.jaas.config", secret.serverLogin());
        }
    }

    private static void alone(Properties p) {
        for (String key : List.of(
                "offsets.topic.replication.factor", "offsets.topic.num.partitions",
                "transaction.state.log.replication.factor", "transaction.state.log.min.isr",
                "transaction.state.log.num.partitions", "share.coordinator.state.topic.replication.factor",
                "share.coordinator.state.topic.min.isr", "share.coordinator.state.topic.num.partitions")) {
            p.put(key, "1");
        }
        p.put("auto.create.topics.enable", "false");
        p.put("num.network.threads", "2");
        p.put("num.io.threads", "2");
        p.put("background.threads", "2");
        p.put("log.cleaner.dedupe.buffer.size", "16777216");
        p.put("log.retention.ms", "-1");
    }

    private static void timing(Properties p) {
        p.put("group.initial.rebalance.delay.ms", "0");
        p.put("group.min.session.timeout.ms", "1000");
        // After a kill the controller keeps the old session this long before the broker may register again.
        p.put("broker.session.timeout.ms", "1500");
        p.put("broker.heartbeat.interval.ms", "300");
        // Only for what an older release left open: a transaction past its timeout holds up every reader behind it.
        p.put("transaction.abort.timed.out.transaction.cleanup.interval.ms", "1000");
        // Forgetting how far deciding came would decide old commands again. Ten years, minutes.
        p.put("offsets.retention.minutes", "5256000");
    }
}
