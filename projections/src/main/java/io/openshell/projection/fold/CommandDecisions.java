package io.openshell.projection.fold;

import io.openshell.log.Decided;
import io.openshell.log.DecisionPort;
import io.openshell.log.Entry;
import io.openshell.log.LogRecord;
import io.openshell.model.AggregateState;
import io.openshell.model.Aggregates;
import io.openshell.model.CommandEnvelope;
import io.openshell.model.CommandRejected;
import io.openshell.model.CommandUnchanged;
import io.openshell.model.Event;
import io.openshell.model.EventEnvelope;
import io.openshell.model.StreamId;
import io.openshell.model.node.NodeEvent;
import io.openshell.model.node.NodeState;
import io.openshell.model.sandbox.SandboxEvent;
import io.openshell.model.sandbox.SandboxState;
import io.openshell.wire.events.CommandCodec;
import io.openshell.wire.events.EventCodec;
import io.openshell.wire.events.UndecodableRecord;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.BiPredicate;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Turns commands into events against the folded state. Commands of one batch see each other's events before they are
 * committed; when the transaction aborts, those events are dropped and the folded state still holds. One thread only.
 */
public final class CommandDecisions implements DecisionPort {

    private static final Logger LOG = LoggerFactory.getLogger(CommandDecisions.class);

    private final Image image;
    private final BiPredicate<Integer, Long> passed;
    private final Map<StreamId, StreamState> staged = new HashMap<>();
    private final Map<StreamId, StreamState> committed = new HashMap<>();

    /**
     * Decides on top of this fold.
     *
     * @param passed whether the fold has passed an offset of a partition
     */
    public CommandDecisions(EventFold fold, BiPredicate<Integer, Long> passed) {
        this.image = fold.image();
        this.passed = passed;
    }

    @Override
    public boolean ready(int partition, long eventsEndOffset) {
        return passed.test(partition, eventsEndOffset);
    }

    @Override
    public Decided decide(LogRecord command) {
        CommandEnvelope envelope;
        try {
            envelope = CommandCodec.decode(command.value());
        } catch (UndecodableRecord e) {
            // It came from outside and has no stream state to damage; its sender's wait runs out.
            LOG.error("command ignored: stream={} position={} reason={}", command.key(), command.position(), e.toString());
            return new Decided(List.of());
        }
        StreamId stream = envelope.stream();
        StreamState before = current(stream);
        boolean repeated = before.recent().outcome(envelope.context().commandId()).isPresent();
        if (repeated || image.isPoisoned(stream)) {
            return new Decided(List.of());
        }
        List<Event> events = Aggregates.decide(envelope.command(), before.state(), envelope.context());
        return record(envelope, before, events);
    }

    private Decided record(CommandEnvelope command, StreamState before, List<Event> events) {
        StreamState state = before;
        List<byte[]> encoded = new ArrayList<>(events.size());
        for (int i = 0; i < events.size(); i++) {
            EventEnvelope envelope = new EventEnvelope(
                    command.context().commandId().value() + "." + (i + 1),
                    command.stream(),
                    state.version() + 1,
                    command.context(),
                    EventCodec.SCHEMA_VERSION,
                    events.size() - i - 1,
                    state.lastHash(),
                    events.get(i));
            byte[] bytes = EventCodec.encode(envelope);
            state = state.after(envelope, EventCodec.hash(bytes));
            encoded.add(bytes);
        }
        staged.put(command.stream(), state);
        Optional<String> node = node(state.state()).or(() -> node(before.state()));
        List<Entry> entries = new ArrayList<>(events.size());
        for (int i = 0; i < events.size(); i++) {
            Optional<String> feed = concernsNode(events.get(i)) ? node : Optional.empty();
            entries.add(new Entry(command.stream().toString(), encoded.get(i), feed));
        }
        return new Decided(entries);
    }

    private StreamState current(StreamId stream) {
        StreamState inBatch = staged.get(stream);
        if (inBatch != null) {
            return inBatch;
        }
        StreamState folded = image.find(stream).orElseGet(() -> StreamState.empty(stream));
        StreamState own = committed.get(stream);
        if (own == null || own.version() <= folded.version()) {
            committed.remove(stream);
            return folded;
        }
        return own; // committed by us, not folded yet
    }

    @Override
    public void committed() {
        committed.putAll(staged);
        staged.clear();
        if (committed.size() > 10_000) {
            committed.entrySet().removeIf(e -> image.find(e.getKey())
                    .map(folded -> folded.version() >= e.getValue().version())
                    .orElse(false));
        }
    }

    @Override
    public void aborted() {
        staged.clear();
    }

    private static boolean concernsNode(Event event) {
        return switch (event) {
            case SandboxEvent e -> true;
            case NodeEvent e -> false;
            case CommandRejected e -> false;
            case CommandUnchanged e -> false;
        };
    }

    private static Optional<String> node(AggregateState state) {
        return switch (state) {
            case SandboxState.Live live -> Optional.of(live.placement().node()).filter(id -> !id.isEmpty());
            case SandboxState.Deleted deleted -> Optional.empty();
            case SandboxState.Unused unused -> Optional.empty();
            case NodeState node -> Optional.empty();
        };
    }
}
