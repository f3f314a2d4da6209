package io.openshell.agent.report;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.openshell.log.CommandLog;
import io.openshell.model.Actor;
import io.openshell.model.Command;
import io.openshell.model.CommandEnvelope;
import io.openshell.model.CommandId;
import io.openshell.model.Context;
import io.openshell.model.StreamId;
import io.openshell.wire.events.CommandCodec;
import io.openshell.wire.events.EventCodec;
import java.time.Clock;
import java.util.Map;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Sends what the node has to tell as commands. The command id is made from the fact itself, so that a report sent again,
 * by this process or the next one, has no second effect. Never blocks; safe for any thread.
 */
public final class Reporter {

    /** How long a fact is taken to be on its way before it is sent again. */
    private static final long PATIENCE_NANOS = 5_000_000_000L;

    private static final int LONGEST_ID = 128;
    private static final int REMEMBERED = 10_000;
    private static final Logger LOG = LoggerFactory.getLogger(Reporter.class);

    private final CommandLog log;
    private final String nodeId;
    private final Clock clock;
    private final LongSupplier nanos;
    private final Map<String, Long> sent = new ConcurrentHashMap<>();

    /**
     * Reports in the name of this node.
     *
     * @param nanos a monotonic clock, in nanoseconds
     */
    public Reporter(CommandLog log, String nodeId, Clock clock, LongSupplier nanos) {
        this.log = log;
        this.nodeId = nodeId;
        this.clock = clock;
        this.nanos = nanos;
    }

    /**
     * Sends a report, unless the same one was sent a moment ago. A failure is logged and not told to the caller, who asks
     * again for as long as the log does not show the fact.
     */
    public void send(StreamId stream, String fact, String correlationId, Command command) {
        long now = nanos.getAsLong();
        Long before = sent.get(fact);
        if (before != null && now - before < PATIENCE_NANOS) {
            return;
        }
        if (sent.size() >= REMEMBERED) {
            sent.values().removeIf(at -> now - at >= PATIENCE_NANOS);
        }
        sent.put(fact, now);
        prepare(stream, fact, correlationId, command).send().whenComplete((done, failure) -> {
            if (failure != null) {
                sent.remove(fact);
                LOG.warn("report not taken by the log: stream={} fact={} reason={}", stream, fact, failure.toString());
            }
        });
    }

    /** A report that is still to be sent. */
    public final class Told {
        private final CommandEnvelope envelope;

        private Told(CommandEnvelope envelope) {
            this.envelope = envelope;
        }

        /** Who tells it, and when. */
        public Context context() {
            return envelope.context();
        }

        /** Sends it; completes once the log has it, which says nothing about how it is decided. */
        public CompletionStage<Void> send() {
            return log.append(envelope.stream().toString(), CommandCodec.encode(envelope)).thenApply(position -> null);
        }
    }

    /** Makes a report whose sender wants to know whether the log took it. */
    public Told prepare(StreamId stream, String fact, String correlationId, Command command) {
        Actor actor = new Actor(Actor.Kind.NODE, nodeId, "internal");
        Context context = new Context(id(fact), correlationId, "", actor, "", "node:" + nodeId, clock.instant());
        return new Told(new CommandEnvelope(stream, context, command));
    }

    /** The fact in words; one too long for an id, which a long node name makes it, by its hash. */
    private CommandId id(String fact) {
        String words = "node." + nodeId + "." + fact;
        return new CommandId(words.length() <= LONGEST_ID ? words : "node." + EventCodec.hash(words.getBytes(UTF_8)));
    }
}
