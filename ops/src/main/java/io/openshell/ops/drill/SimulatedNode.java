package io.openshell.ops.drill;

import io.openshell.log.kafka.KafkaCommandLog;
import io.openshell.log.kafka.KafkaSettings;
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
import io.openshell.projection.sandboxes.SandboxView;
import io.openshell.wire.events.CommandCodec;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/**
 * A node without sandboxes: it looks at its own fold of the log and reports at once what a real node would report after the
 * work. It says a thing again until the log shows it, under the same command id.
 */
final class SimulatedNode implements AutoCloseable {

    private static final String ID = "simulated";
    private static final Duration AGAIN = Duration.ofSeconds(2);

    private final Observer observer;
    private final KafkaCommandLog commands;
    private final Map<String, Long> told = new ConcurrentHashMap<>();
    private final Thread thread = Thread.ofPlatform().name("simulated-node").daemon().unstarted(this::run);
    private volatile boolean closing;

    SimulatedNode(KafkaSettings log) {
        // Fails when the log is away, so it comes first: nothing is left open then.
        commands = KafkaCommandLog.open(log);
        observer = new Observer(log);
        thread.start();
    }

    /** Blocks until it ends. */
    void await() throws InterruptedException {
        thread.join();
    }

    private void run() {
        while (!closing) {
            tell(StreamId.node(ID), "registered", new NodeCommand.Register(
                    new NodeDescription("nowhere", List.of("simulated"), List.of(), ""), "1"));
            observer.views().forEach(this::attend);
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
    public void close() {
        closing = true;
        observer.close();
        commands.close();
    }
}
