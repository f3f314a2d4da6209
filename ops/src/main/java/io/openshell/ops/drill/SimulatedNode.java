package io.openshell.ops.drill;

import io.openshell.log.LogFaults;
import io.openshell.log.kafka.KafkaCommandLog;
import io.openshell.log.kafka.KafkaFollower;
import io.openshell.log.kafka.KafkaSettings;
import io.openshell.log.kafka.Topics;
import io.openshell.model.Actor;
import io.openshell.model.Command;
import io.openshell.model.CommandEnvelope;
import io.openshell.model.CommandId;
import io.openshell.model.Context;
import io.openshell.model.StreamId;
import io.openshell.model.node.NodeCommand;
import io.openshell.model.node.NodeDescription;
import io.openshell.model.sandbox.Enforcement;
import io.openshell.model.sandbox.SandboxCommand;
import io.openshell.projection.fold.EventFold;
import io.openshell.projection.fold.FoldedSandboxes;
import io.openshell.projection.sandboxes.SandboxQuery;
import io.openshell.projection.sandboxes.SandboxView;
import io.openshell.wire.events.CommandCodec;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/**
 * A node without sandboxes: it looks at its own fold of the log and reports at once what a real node would report after the
 * work. It says a thing again until the log shows it, under the same command id.
 */
final class SimulatedNode implements AutoCloseable, LogFaults {

    private static final String ID = "simulated";
    private static final Duration AGAIN = Duration.ofSeconds(2);
    private static final SandboxQuery ALL = new SandboxQuery(Optional.empty(), Map.of(), 0, Integer.MAX_VALUE);

    private final EventFold fold = new EventFold();
    private final FoldedSandboxes sandboxes = new FoldedSandboxes(fold);
    private final KafkaFollower follower;
    private final KafkaCommandLog commands;
    private final Map<String, Long> told = new ConcurrentHashMap<>();
    private final Thread thread = Thread.ofPlatform().name("simulated-node").daemon().unstarted(this::run);
    private volatile boolean closing;

    SimulatedNode(KafkaSettings log) {
        follower = KafkaFollower.follow(log, Topics.EVENTS, Map.of(), fold, this);
        commands = KafkaCommandLog.open(log);
        thread.start();
    }

    /** What the log says, seen from outside every gateway. */
    List<SandboxView> views() {
        return sandboxes.list(ALL);
    }

    private void run() {
        while (!closing) {
            tell(StreamId.node(ID), "registered", new NodeCommand.Register(
                    new NodeDescription("nowhere", List.of("simulated"), List.of(), ""), "1"));
            views().forEach(this::attend);
            LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(10));
        }
    }

    private void attend(SandboxView view) {
        StreamId stream = StreamId.sandbox(view.workspace(), view.name());
        long epoch = view.state().placement().epoch();
        int newest = view.state().policies().newest().orElseThrow().version();
        switch (view.state().phase()) {
            case PROVISIONING, STARTING -> tell(stream, view.id() + ".up." + epoch, new SandboxCommand.ReportEnforced(
                    new Enforcement(epoch, "i" + epoch, List.of(), Map.of(), 1), newest));
            case STOPPING -> tell(stream, view.id() + ".down." + epoch, new SandboxCommand.ReportStopped(epoch));
            case DELETING -> tell(stream, view.id() + ".gone", new SandboxCommand.ReportRemoved(view.id()));
            case READY -> {
                if (view.state().policies().activeVersion() < newest) {
                    tell(stream, view.id() + ".policy." + newest, new SandboxCommand.ReportPolicyLoaded(newest, newest));
                }
            }
            case STOPPED, ERROR -> {}
        }
    }

    private void tell(StreamId stream, String fact, Command command) {
        long now = System.nanoTime();
        Long before = told.get(fact);
        if (before != null && (now - before < AGAIN.toNanos() || fact.equals("registered"))) {
            return;
        }
        told.put(fact, now);
        Context context = new Context(new CommandId("node." + fact), "drill", "",
                new Actor(Actor.Kind.NODE, ID, "internal"), "", "node:" + ID, Instant.now());
        commands.append(stream.toString(), CommandCodec.encode(new CommandEnvelope(stream, context, command)))
                .whenComplete((position, failure) -> {
                    if (failure != null) {
                        told.remove(fact); // said again at once; the log is away
                    }
                });
    }

    @Override
    public void trouble(String where, Throwable cause) {
        // The broker is killed on purpose; the follower finds back by itself.
    }

    @Override
    public void stopped(String where, Throwable cause) {
        throw new IllegalStateException(where, cause);
    }

    @Override
    public void close() {
        closing = true;
        follower.close();
        commands.close();
    }
}
