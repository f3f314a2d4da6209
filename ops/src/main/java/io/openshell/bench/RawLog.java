package io.openshell.bench;

import io.openshell.log.kafka.KafkaSettings;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.IntStream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;

/** The broker without the product: a plain producer that waits for all replicas, and a plain consumer. */
public final class RawLog implements AutoCloseable {
    private static final String TOPIC = "bench.yardstick";
    private static final int PARTITIONS = 8;
    private static final int VALUE_BYTES = 256;
    private static final Duration CLOSE = Duration.ofSeconds(5);

    private final KafkaProducer<byte[], byte[]> producer;
    private final KafkaConsumer<byte[], byte[]> consumer;
    private final Map<TopicPartition, Map<Long, CompletableFuture<Void>>> awaited = new ConcurrentHashMap<>();
    private final AtomicLong next = new AtomicLong();
    private final Thread reader;
    private volatile boolean closing;

    /** Makes a topic of its own on this broker and begins to read it. */
    public RawLog(KafkaSettings broker) throws Exception {
        try (Admin admin = Admin.create(of(broker, Map.of()))) {
            admin.createTopics(List.of(new NewTopic(TOPIC, PARTITIONS, (short) 1))).all().get(15, TimeUnit.SECONDS);
        }
        producer = new KafkaProducer<>(of(broker, Map.of("acks", "all", "linger.ms", 0,
                "key.serializer", ByteArraySerializer.class, "value.serializer", ByteArraySerializer.class)));
        consumer = new KafkaConsumer<>(of(broker, Map.of("auto.offset.reset", "earliest",
                "enable.auto.commit", false, "fetch.max.wait.ms", 100,
                "key.deserializer", ByteArrayDeserializer.class, "value.deserializer", ByteArrayDeserializer.class)));
        consumer.assign(IntStream.range(0, PARTITIONS).mapToObj(i -> new TopicPartition(TOPIC, i)).toList());
        reader = Thread.ofPlatform().daemon().name("raw-log").start(this::read);
    }

    private static Map<String, Object> of(KafkaSettings broker, Map<String, Object> more) {
        Map<String, Object> all = new HashMap<>(broker.security());
        all.put("bootstrap.servers", broker.bootstrap());
        all.putAll(more);
        return all;
    }

    /** Sends one record of a command's size; completes when it is acknowledged. Any thread. */
    public CompletableFuture<Void> send() {
        CompletableFuture<Void> acknowledged = new CompletableFuture<>();
        int partition = (int) (next.getAndIncrement() % PARTITIONS);
        producer.send(new ProducerRecord<>(TOPIC, partition, null, new byte[VALUE_BYTES]), (meta, failure) -> {
            if (failure == null) {
                acknowledged.complete(null);
            } else {
                acknowledged.completeExceptionally(failure);
            }
        });
        return acknowledged;
    }

    /** Sends one record and waits, at most ten seconds, until the consumer has it. */
    public void sendAndConsume() throws Exception {
        CompletableFuture<Void> consumed = new CompletableFuture<>();
        long id = next.getAndIncrement();
        int partition = (int) (id % PARTITIONS);
        byte[] value = new byte[VALUE_BYTES];
        value[0] = 1;
        ByteBuffer.wrap(value).putLong(1, id);
        pending(partition).put(id, consumed);
        producer.send(new ProducerRecord<>(TOPIC, partition, null, value));
        consumed.get(10, TimeUnit.SECONDS);
    }

    private Map<Long, CompletableFuture<Void>> pending(int partition) {
        return awaited.computeIfAbsent(new TopicPartition(TOPIC, partition), p -> new ConcurrentHashMap<>());
    }

    private void read() {
        while (!closing) {
            consumer.poll(Duration.ofMillis(200)).forEach(record -> {
                if (record.value()[0] == 1) {
                    var waiting = pending(record.partition()).remove(ByteBuffer.wrap(record.value()).getLong(1));
                    if (waiting != null) {
                        waiting.complete(null);
                    }
                }
            });
        }
        consumer.close();
    }

    @Override
    public void close() throws Exception {
        closing = true;
        reader.join(CLOSE);
        producer.close(CLOSE);
    }
}
