package io.openshell.agent.desired;

import io.openshell.log.LogRecord;
import io.openshell.log.RecordListener;
import io.openshell.model.Actor;
import io.openshell.model.AggregateState;
import io.openshell.model.Aggregates;
import io.openshell.model.EventEnvelope;
import io.openshell.model.MisfitEvent;
import io.openshell.model.StreamId;
import io.openshell.model.global.GlobalPolicy;
import io.openshell.model.node.NodeState;
import io.openshell.model.provider.ProviderState;
import io.openshell.model.sandbox.SandboxEvent;
import io.openshell.model.sandbox.SandboxState;
import io.openshell.model.sandbox.Session;
import io.openshell.model.settings.Settings;
import io.openshell.wire.events.EventCodec;
import io.openshell.wire.events.UndecodableRecord;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Folds the node's feed into what is wanted of each sandbox. Written by the feed's thread, read by any. History is folded in
 * silence: only once the feed has caught up is the listener told, so an agent never acts on what is long past.
 */
public final class SandboxFeed implements RecordListener {

    private static final Logger LOG = LoggerFactory.getLogger(SandboxFeed.class);

    private final DesiredListener listener;
    private final Map<StreamId, DesiredSandbox> byStream = new ConcurrentHashMap<>();
    private final Map<String, StreamId> byId = new ConcurrentHashMap<>();
    private final Set<String> poisoned = ConcurrentHashMap.newKeySet();
    private volatile boolean live;

    /** Tells this listener. */
    public SandboxFeed(DesiredListener listener) {
        this.listener = listener;
    }

    /** What is wanted of the sandbox; empty when it is gone, or was never here. */
    public Optional<DesiredSandbox> find(String sandboxId) {
        return Optional.ofNullable(byId.get(sandboxId))
                .map(byStream::get)
                .filter(d -> d.state() instanceof SandboxState.Live live && live.request().sandboxId().equals(sandboxId));
    }

    /** Ids of the sandboxes that are wanted in one way or another. */
    public List<String> sandboxIds() {
        return List.copyOf(byId.keySet());
    }

    /** Whether history has been folded. */
    public boolean isLive() {
        return live;
    }

    @Override
    public void onRecords(List<LogRecord> records) {
        Map<String, List<Session>> touched = new LinkedHashMap<>();
        for (LogRecord record : records) {
            apply(record, touched);
        }
        if (live) {
            touched.forEach((id, sessions) -> {
                listener.onChanged(id);
                sessions.forEach(session -> listener.onSession(id, session));
            });
        }
    }

    @Override
    public void onCaughtUp() {
        live = true;
        sandboxIds().forEach(listener::onChanged);
    }

    private void apply(LogRecord record, Map<String, List<Session>> touched) {
        try {
            if (!poisoned.contains(record.key())) {
                apply(EventCodec.decode(record.value()), touched);
            }
        } catch (UndecodableRecord | MisfitEvent e) {
            // Guessing what such an event wanted could undo a stop or a deletion: the sandbox stays as it is.
            poisoned.add(record.key());
            LOG.error("event set aside: stream={} position={} reason={}", record.key(), record.position(), e.toString());
        }
    }

    private void apply(EventEnvelope envelope, Map<String, List<Session>> touched) {
        StreamId stream = envelope.stream();
        DesiredSandbox before = byStream.get(stream);
        if (before != null && envelope.version() <= before.version()) {
            return; // seen already
        }
        AggregateState old = before == null ? Aggregates.initial(stream.kind()) : before.state();
        AggregateState next = Aggregates.evolve(old, envelope.event(), envelope.context());
        switch (next) {
            case SandboxState.Live wanted -> {
                String id = wanted.request().sandboxId();
                byStream.put(stream, new DesiredSandbox(stream, wanted, envelope.version(), correlation(before, envelope)));
                byId.put(id, stream);
                List<Session> sessions = touched.computeIfAbsent(id, k -> new ArrayList<>());
                if (envelope.event() instanceof SandboxEvent.SessionOpened opened) {
                    sessions.add(opened.session());
                }
            }
            case SandboxState.Deleted gone -> {
                byStream.put(stream, new DesiredSandbox(stream, gone, envelope.version(), ""));
                byId.remove(gone.sandboxId());
                touched.computeIfAbsent(gone.sandboxId(), k -> new ArrayList<>());
            }
            case SandboxState.Unused unused -> throw new MisfitEvent("an event", "an unused name");
            case GlobalPolicy global -> throw new MisfitEvent("the global policy's event", "a sandbox's feed");
            case Settings settings -> throw new MisfitEvent("an event of the settings", "a sandbox's feed");
            case ProviderState provider -> throw new MisfitEvent("a provider's event", "a sandbox's feed");
            case NodeState node -> throw new MisfitEvent("a node's event", "a sandbox's feed");
        }
    }

    private static String correlation(@Nullable DesiredSandbox before, EventEnvelope envelope) {
        boolean own = envelope.context().actor().kind() == Actor.Kind.NODE;
        return own && before != null ? before.correlationId() : envelope.context().correlationId();
    }
}
