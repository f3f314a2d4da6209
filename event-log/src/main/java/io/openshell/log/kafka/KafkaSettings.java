package io.openshell.log.kafka;

/**
 * How to reach the log.
 *
 * @param bootstrap {@code host:port} of one or more brokers, separated by commas
 * @param replication copies of every partition; 1 for the broker inside the process
 */
public record KafkaSettings(String bootstrap, short replication) {
    public KafkaSettings {
        if (bootstrap.isBlank()) {
            throw new IllegalArgumentException("log.bootstrap must name a broker");
        }
        if (replication < 1) {
            throw new IllegalArgumentException("log.replication must be at least 1, not " + replication);
        }
    }

    /** For a replication of one. */
    public static KafkaSettings single(String bootstrap) {
        return new KafkaSettings(bootstrap, (short) 1);
    }
}
