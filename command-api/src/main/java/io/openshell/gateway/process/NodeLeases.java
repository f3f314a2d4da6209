package io.openshell.gateway.process;

import io.openshell.log.LogFaults;
import io.openshell.model.Actor;
import io.openshell.model.CommandEnvelope;
import io.openshell.model.CommandId;
import io.openshell.model.Context;
import io.openshell.model.StreamId;
import io.openshell.model.node.NodeCommand;
import io.openshell.model.node.NodeState;
import io.openshell.projection.CommandBus;
import io.openshell.projection.nodes.NodeBeats;
import io.openshell.projection.nodes.NodeReads;
import io.openshell.projection.nodes.NodeViews;
import java.time.Clock;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.function.LongSupplier;
import java.util.function.Predicate;

/**
 * Tells the log which nodes are gone and which are back: one that gave no sign of life for longer than its lease, and one
 * that was lost and gives signs again. Only for nodes whose stream is decided here, so that one gateway of many speaks. Time
 * in which the log was away counts for nobody.
 */
final class NodeLeases implements AutoCloseable {

    private static final Duration EVERY = Duration.ofSeconds(1);
    private static final Duration ANSWER = Duration.ofSeconds(10);
    private static final Duration CLOSE = Duration.ofSeconds(3);

    private final Ports ports;
    private final Map<String, Long> told = new HashMap<>();
    private final Thread thread = Thread.ofPlatform().name("node-leases").daemon().unstarted(this::run);
    private long graceFrom;

    /**
     * What it works with.
     *
     * @param mine whether this gateway decides a stream
     * @param logAnswers whether signs of life can arrive now
     */
    record Ports(
            String gatewayId, NodeReads nodes, NodeBeats beats, CommandBus bus, Predicate<StreamId> mine,
            BooleanSupplier logAnswers, Clock clock, LongSupplier nanos, LogFaults faults) {}

    NodeLeases(Ports ports) {
        this.ports = ports;
        this.graceFrom = ports.nanos().getAsLong();
    }

    NodeLeases start() {
        thread.start();
        return this;
    }

    private void run() {
        try {
            while (true) {
                TimeUnit.NANOSECONDS.sleep(EVERY.toNanos());
                look();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt(); // only close() interrupts
        } catch (RuntimeException e) {
            ports.faults().stopped("watching the nodes", e);
        }
    }

    /** Looks at every node once. */
    void look() {
        long now = ports.nanos().getAsLong();
        if (!ports.logAnswers().getAsBoolean()) {
            graceFrom = now;
            return;
        }
        Optional<Long> live = ports.beats().liveSince();
        if (live.isPresent()) {
            long from = live.get() - graceFrom > 0 ? live.get() : graceFrom;
            ports.nodes().nodes().stream().filter(node -> ports.mine().test(StreamId.node(node.id())))
                    .forEach(node -> look(node, from, now));
        }
    }

    private void look(NodeViews.NodeView node, long from, long now) {
        switch (node.state()) {
            case NodeState.Registered here -> expired(node.id(), here, from, now).ifPresent(quiet -> tell(node.id(),
                    new NodeCommand.ReportLost(here.incarnation(), "no sign of life for " + quiet.toSeconds() + " s"), now));
            case NodeState.Lost lost -> {
                if (heard(node.id(), lost.last().incarnation()).filter(at -> now - at < lost.last().lease().toNanos()).isPresent()) {
                    tell(node.id(), new NodeCommand.ReportReturned(lost.last().incarnation()), now);
                }
            }
            case NodeState.Retired retired -> {}
            case NodeState.Unknown unknown -> {}
        }
    }

    private Optional<Duration> expired(String id, NodeState.Registered node, long from, long now) {
        long last = heard(id, node.incarnation()).filter(at -> at - from > 0).orElse(from);
        Duration quiet = Duration.ofNanos(now - last);
        return node.lease().isZero() || quiet.compareTo(node.lease()) <= 0 ? Optional.empty() : Optional.of(quiet);
    }

    private Optional<Long> heard(String id, String incarnation) {
        return ports.beats().of(id).filter(beat -> beat.incarnation().equals(incarnation)).map(NodeBeats.Beat::at);
    }

    /** Asked again only when the answer stays away. */
    private void tell(String id, NodeCommand command, long now) {
        String fact = id + " " + command.getClass().getSimpleName();
        Long before = told.get(fact);
        if (before != null && now - before < ANSWER.toNanos()) {
            return;
        }
        told.put(fact, now);
        Context context = new Context(new CommandId("lease." + UUID.randomUUID()), "lease." + id, "",
                new Actor(Actor.Kind.GATEWAY, ports.gatewayId(), "internal"), "", "gateway:" + ports.gatewayId(),
                ports.clock().instant());
        ports.bus().submit(new CommandEnvelope(StreamId.node(id), context, command), ANSWER).whenComplete((outcome, failure) -> {
            if (failure != null) {
                ports.faults().trouble("telling the log about node " + id, failure);
            }
        });
    }

    @Override
    public void close() {
        thread.interrupt();
        try {
            thread.join(CLOSE);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
