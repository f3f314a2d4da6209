package io.openshell.log.kafka;

import java.util.HashMap;
import java.util.Map;
import org.apache.kafka.clients.CommonClientConfigs;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.apache.kafka.common.serialization.StringSerializer;

/** Client settings, each of which has a reason. */
final class ClientProperties {
    /** Every wait of a client for an answer ends here, ms. */
    static final int API_TIMEOUT_MS = 5_000;

    /** For the log to take an event, ms; an owner that waits longer gives its partitions up. */
    private static final int EVENT_TIMEOUT_MS = 4_500;

    /** A member of the deciding group that is not heard of for this long is taken for dead, ms. */
    static final int SESSION_TIMEOUT_MS = 2_000;

    /** The same on clusters that allow no shorter one, ms: what {@code group.min.session.timeout.ms} is unless it was set. */
    static final int LONGER_SESSION_TIMEOUT_MS = 6_000;

    private ClientProperties() {}

    private static Map<String, Object> common(KafkaSettings settings) {
        Map<String, Object> p = new HashMap<>(settings.security());
        p.put(CommonClientConfigs.BOOTSTRAP_SERVERS_CONFIG, settings.bootstrap());
        p.put(CommonClientConfigs.RECONNECT_BACKOFF_MS_CONFIG, 50L);
        p.put(CommonClientConfigs.RECONNECT_BACKOFF_MAX_MS_CONFIG, 500L);
        p.put(CommonClientConfigs.REQUEST_TIMEOUT_MS_CONFIG, 3_000);
        return p;
    }

    static Map<String, Object> admin(KafkaSettings settings) {
        Map<String, Object> p = common(settings);
        p.put(CommonClientConfigs.DEFAULT_API_TIMEOUT_MS_CONFIG, API_TIMEOUT_MS);
        return p;
    }

    /** For durable records: acknowledged by all, sent at once. */
    static Map<String, Object> producer(KafkaSettings settings, int deliveryMs, int maxBlockMs) {
        Map<String, Object> p = common(settings);
        p.put(ProducerConfig.KEY_SERIALIZER_CLASS_CONFIG, StringSerializer.class);
        p.put(ProducerConfig.VALUE_SERIALIZER_CLASS_CONFIG, ByteArraySerializer.class);
        p.put(ProducerConfig.ACKS_CONFIG, "all");
        p.put(ProducerConfig.LINGER_MS_CONFIG, 0L);
        p.put(ProducerConfig.REQUEST_TIMEOUT_MS_CONFIG, Math.min(2_000, deliveryMs));
        p.put(ProducerConfig.DELIVERY_TIMEOUT_MS_CONFIG, deliveryMs);
        p.put(ProducerConfig.MAX_BLOCK_MS_CONFIG, (long) maxBlockMs);
        // A topic nobody wrote to for a while must not cost the next writer a metadata round trip.
        p.put(ProducerConfig.METADATA_MAX_IDLE_CONFIG, 24L * 60 * 60 * 1000);
        // While every broker is away, forgetting the metadata would make each append block its caller for it.
        p.put(CommonClientConfigs.METADATA_RECOVERY_STRATEGY_CONFIG, "none");
        return p;
    }

    /** For commands: while one request is under way the next gathers what comes, so that many callers share few requests. */
    static Map<String, Object> commands(KafkaSettings settings, int deliveryMs, int maxBlockMs) {
        Map<String, Object> p = producer(settings, deliveryMs, maxBlockMs);
        p.put(ProducerConfig.MAX_IN_FLIGHT_REQUESTS_PER_CONNECTION, 1);
        return p;
    }

    /**
     * For events: in order, each once; one that is not taken in time ends the owner's term. Nothing is sent until it is flushed
     * (or long overdue), so that a whole batch is one request.
     */
    static Map<String, Object> events(KafkaSettings settings) {
        Map<String, Object> p = copies(settings);
        p.put(ProducerConfig.LINGER_MS_CONFIG, 1_000L);
        return p;
    }

    /** For the copies of events: the same, sent at once. */
    static Map<String, Object> copies(KafkaSettings settings) {
        Map<String, Object> p = producer(settings, EVENT_TIMEOUT_MS, API_TIMEOUT_MS);
        p.put(ProducerConfig.ENABLE_IDEMPOTENCE_CONFIG, true);
        return p;
    }

    /** For followers and readers: no group; of what older releases wrote in transactions, only what was committed. */
    static Map<String, Object> consumer(KafkaSettings settings, String reset) {
        Map<String, Object> p = common(settings);
        p.put(ConsumerConfig.KEY_DESERIALIZER_CLASS_CONFIG, StringDeserializer.class);
        p.put(ConsumerConfig.VALUE_DESERIALIZER_CLASS_CONFIG, ByteArrayDeserializer.class);
        p.put(ConsumerConfig.GROUP_PROTOCOL_CONFIG, "classic");
        p.put(ConsumerConfig.ENABLE_AUTO_COMMIT_CONFIG, false);
        p.put(ConsumerConfig.ISOLATION_LEVEL_CONFIG, "read_committed");
        p.put(ConsumerConfig.AUTO_OFFSET_RESET_CONFIG, reset);
        p.put(ConsumerConfig.ALLOW_AUTO_CREATE_TOPICS_CONFIG, false);
        p.put(ConsumerConfig.FETCH_MIN_BYTES_CONFIG, 1);
        // A record ends the wait at once; a longer one only makes those who have nothing to read ask less often.
        p.put(ConsumerConfig.FETCH_MAX_WAIT_MS_CONFIG, 500);
        p.put(ConsumerConfig.DEFAULT_API_TIMEOUT_MS_CONFIG, API_TIMEOUT_MS);
        return p;
    }

    /**
     * For the members of the deciding group. A dead one is noticed within the session timeout; one that comes back under the
     * same name takes its place at once.
     */
    static Map<String, Object> member(KafkaSettings settings, String group, String name, int sessionMs) {
        Map<String, Object> p = consumer(settings, "earliest");
        p.put(ConsumerConfig.GROUP_ID_CONFIG, group);
        p.put(ConsumerConfig.GROUP_INSTANCE_ID_CONFIG, name);
        p.put(ConsumerConfig.SESSION_TIMEOUT_MS_CONFIG, sessionMs);
        // Also how late a member hears that the others' partitions are to be shared anew.
        p.put(ConsumerConfig.HEARTBEAT_INTERVAL_MS_CONFIG, sessionMs / 8);
        p.put(ConsumerConfig.MAX_POLL_INTERVAL_MS_CONFIG, 30_000);
        p.put(ConsumerConfig.MAX_POLL_RECORDS_CONFIG, 500);
        return p;
    }
}
