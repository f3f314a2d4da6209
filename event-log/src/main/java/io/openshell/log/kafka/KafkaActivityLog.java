package io.openshell.log.kafka;

import io.openshell.log.ActivityLog;
import io.openshell.log.LogFaults;
import java.time.Duration;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.KafkaException;

/** Activity into Kafka through a bounded queue and a thread of its own, in small batches. */
public final class KafkaActivityLog implements ActivityLog {
    /** Records waiting at most, unless told otherwise. */
    public static final int DEFAULT_QUEUE = 8_192;

    private static final Duration CLOSE = Duration.ofSeconds(3);

    private record Item(String sandboxId, byte[] value) {}

    private final KafkaProducer<String, byte[]> producer;
    private final BlockingQueue<Item> queue;
    private final AtomicLong dropped = new AtomicLong();
    private final LogFaults faults;
    private final Thread thread;
    private volatile boolean closing;

    /** Starts the thread; does not wait for the log. */
    public KafkaActivityLog(KafkaSettings settings, int queueLength, LogFaults faults) {
        var properties = ClientProperties.producer(settings, 5_000, 1_000);
        properties.put(ProducerConfig.LINGER_MS_CONFIG, 20L);
        this.producer = new KafkaProducer<>(properties);
        this.queue = new ArrayBlockingQueue<>(queueLength);
        this.faults = faults;
        this.thread = Thread.ofPlatform().name("activity-log").daemon().start(this::drain);
    }

    @Override
    public void append(String sandboxId, byte[] record) {
        if (closing || !queue.offer(new Item(sandboxId, record))) {
            dropped.incrementAndGet();
        }
    }

    @Override
    public long dropped() {
        return dropped.get();
    }

    private void drain() {
        try {
            while (!closing || !queue.isEmpty()) {
                Item item = queue.poll(100, TimeUnit.MILLISECONDS);
                if (item != null) {
                    send(item);
                }
            }
        } catch (InterruptedException e) {
            // close() gave up waiting; it counts what is left.
            Thread.currentThread().interrupt();
        }
    }

    private void send(Item item) {
        int partition = Partitions.of(item.sandboxId(), Topics.ACTIVITY_PARTITIONS);
        try {
            producer.send(new ProducerRecord<>(Topics.ACTIVITY, partition, item.sandboxId(), item.value()), (meta, failure) -> {
                if (failure != null) {
                    lost(failure);
                }
            });
        } catch (KafkaException | IllegalStateException e) {
            lost(e);
        }
    }

    private void lost(Exception failure) {
        // One report per doubling: a broken log must not flood the process log.
        if (Long.bitCount(dropped.incrementAndGet()) == 1) {
            faults.trouble("activity log", failure);
        }
    }

    @Override
    public void close() {
        closing = true;
        try {
            if (!thread.join(CLOSE)) {
                thread.interrupt();
            }
            producer.close(CLOSE);
        } catch (InterruptedException e) {
            producer.close(Duration.ZERO);
            Thread.currentThread().interrupt();
        }
        dropped.addAndGet(queue.size());
        queue.clear();
    }
}
