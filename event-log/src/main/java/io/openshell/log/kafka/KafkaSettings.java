package io.openshell.log.kafka;

import java.util.Map;
import java.util.TreeSet;

/**
 * How to reach the log.
 *
 * @param bootstrap {@code host:port} of one or more brokers, separated by commas
 * @param replication copies of every partition; 1 for the broker inside the process
 * @param client further client settings, for example {@code sasl.jaas.config}; may hold secrets
 */
public record KafkaSettings(String bootstrap, short replication, Map<String, String> client) {
    public KafkaSettings {
        if (bootstrap.isBlank()) {
            throw new IllegalArgumentException("log.bootstrap must name a broker");
        }
        if (replication < 1) {
            throw new IllegalArgumentException("log.replication must be at least 1, not " + replication);
        }
        client = Map.copyOf(client);
    }

    /** Without further client settings. */
    public KafkaSettings(String bootstrap, short replication) {
        this(bootstrap, replication, Map.of());
    }

    /** For a replication of one. */
    public static KafkaSettings single(String bootstrap) {
        return new KafkaSettings(bootstrap, (short) 1);
    }

    /** Leaves the values of client settings out: they may be secret. */
    @Override
    public String toString() {
        return "KafkaSettings[" + bootstrap + ", replication=" + replication + ", client=" + new TreeSet<>(client.keySet()) + "]";
    }
}
