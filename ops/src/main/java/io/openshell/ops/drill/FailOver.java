package io.openshell.ops.drill;

import io.openshell.cli.client.Rpc;
import io.openshell.cli.client.RpcCode;
import io.openshell.cli.client.RpcException;
import io.openshell.log.kafka.KafkaDeciderLoop;
import io.openshell.log.kafka.Topics;
import io.openshell.wire.v1.StopSandboxRequest;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.IntStream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.MemberDescription;

/**
 * Two gateways, each of which decides half of the partitions; the busy one is killed, and the other must decide all. Gateways
 * and broker are processes of their own. One thread.
 */
public final class FailOver implements AutoCloseable {
    private static final int GATEWAYS = 2;
    private static final int BUSY_CALLERS = 4;
    private static final Duration BALANCED = Duration.ofSeconds(60);
    private static final Duration CALL = Duration.ofSeconds(5);
    private static final Duration PATIENCE = Duration.ofSeconds(40);

    private final Fleet fleet;
    private int round;

    /** Below this folder. */
    public FailOver(Path home) {
        fleet = new Fleet(home, GATEWAYS, new OneBroker(home));
    }

    /** Starts all of it. */
    public void start() {
        fleet.start();
    }

    /**
     * Kills the gateways in turn, this time the next one, in the middle of its callers' work; then starts it again.
     *
     * @return milliseconds from the kill until the other one had acknowledged a command in every partition
     */
    public double killAndWait() throws Exception {
        int victim = round++ % GATEWAYS;
        int other = 1 - victim;
        Waiting.until("both gateways decide", BALANCED, this::balanced);
        acknowledgeEverywhere(other, "before");
        AtomicBoolean over = new AtomicBoolean();
        double ms;
        try (var callers = Executors.newVirtualThreadPerTaskExecutor()) {
            for (int i = 0; i < BUSY_CALLERS; i++) {
                callers.execute(() -> keepBusy(victim, over));
            }
            LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(500));
            try {
                long killed = System.nanoTime();
                fleet.crashGateway(victim);
                acknowledgeEverywhere(other, "after");
                ms = (System.nanoTime() - killed) / 1e6;
            } finally {
                over.set(true);
            }
        }
        fleet.startGateway(victim);
        return ms;
    }

    private boolean balanced() {
        try (Admin admin = Admin.create(settings())) {
            var members = admin.describeConsumerGroups(List.of(KafkaDeciderLoop.GROUP)).all()
                    .get(CALL.toSeconds(), TimeUnit.SECONDS).get(KafkaDeciderLoop.GROUP).members();
            return members.size() == GATEWAYS && members.stream().map(MemberDescription::assignment)
                    .allMatch(has -> has.topicPartitions().size() == Topics.PARTITIONS / GATEWAYS);
        } catch (ExecutionException | TimeoutException notYet) {
            return false;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted", e);
        }
    }

    private Map<String, Object> settings() {
        Map<String, Object> settings = new java.util.HashMap<>(fleet.log().security());
        settings.put("bootstrap.servers", fleet.log().bootstrap());
        return settings;
    }

    /** One command in each partition at the same time; returns when all are acknowledged. */
    private void acknowledgeEverywhere(int gateway, String what) throws Exception {
        List<CompletableFuture<Void>> all = new ArrayList<>();
        try (var callers = Executors.newVirtualThreadPerTaskExecutor()) {
            for (int i = 0; i < Topics.PARTITIONS; i++) {
                String name = nameIn(i, what + round);
                all.add(CompletableFuture.runAsync(() -> acknowledge(gateway, name), callers));
            }
            CompletableFuture.allOf(all.toArray(CompletableFuture[]::new)).get(PATIENCE.toSeconds() * 2, TimeUnit.SECONDS);
        }
    }

    private static String nameIn(int partition, String prefix) {
        return IntStream.range(0, 10_000).mapToObj(i -> prefix + "-" + i)
                .filter(name -> Topics.partitionOf("sandbox/default/" + name) == partition)
                .findFirst().orElseThrow();
    }

    /** The refusal to stop what is not there is an event like any other, so it is acknowledged like any other. */
    private void acknowledge(int gateway, String name) {
        String id = UUID.randomUUID().toString();
        long begun = System.nanoTime();
        while (System.nanoTime() - begun < PATIENCE.toNanos()) {
            try {
                stop(gateway, name, id);
            } catch (RpcException e) {
                if (e.code() == RpcCode.NOT_FOUND) {
                    return;
                }
            }
        }
        throw new Waiting.DrillFailed("no answer about " + name + " within " + PATIENCE.toSeconds() + " s");
    }

    private void keepBusy(int gateway, AtomicBoolean over) {
        while (!over.get()) {
            try {
                stop(gateway, "busy-" + UUID.randomUUID(), UUID.randomUUID().toString());
            } catch (RpcException e) {
                // Refused, as it should be, or the gateway is dead, as it should be.
                LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(e.code() == RpcCode.NOT_FOUND ? 1 : 50));
            }
        }
    }

    private void stop(int gateway, String name, String id) {
        fleet.client(gateway, Map.of("openshell-command-id", id))
                .call(Rpc.STOP, StopSandboxRequest.newBuilder().setName(name).build(), CALL);
    }

    @Override
    public void close() {
        fleet.close();
    }
}
