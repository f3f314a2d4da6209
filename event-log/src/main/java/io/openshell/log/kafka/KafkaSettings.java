package io.openshell.log.kafka;

import java.util.Map;

/**
 * How to reach the log.
 *
 * @param bootstrap {@code host:port} of one or more brokers, separated by commas
 * @param replication copies of every partition; 1 for the broker inside the process
 * @param security client settings that say how connections are protected and who connects; may hold secrets and stays out
 *     of {@link #toString}
 */
public record KafkaSettings(String bootstrap, short replication, Map<String, String> security) {
    public KafkaSettings {
        if (bootstrap.isBlank()) {
            throw new IllegalArgumentException("log.bootstrap must name a broker");
        }
        if (replication < 1) {
            throw new IllegalArgumentException("log.replication must be at least 1, not " + replication);
        }
        security = Map.copyOf(security);
    }

    /** For brokers that take every connection. */
    public static KafkaSettings open(String bootstrap, short replication) {
        return new KafkaSettings(bootstrap, replication, Map.of());
    }

    @Override
    public String toString() {
        return "KafkaSettings[" + bootstrap + ", replication=" + replication + "]";
    }
}
