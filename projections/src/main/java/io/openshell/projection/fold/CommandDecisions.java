package io.openshell.projection.fold;

import io.openshell.log.Decided;
import io.openshell.log.DecisionPort;
import io.openshell.log.Entry;
import io.openshell.log.LogRecord;
import io.openshell.model.AggregateState;
import io.openshell.model.Aggregates;
import io.openshell.model.CommandEnvelope;
import io.openshell.model.CommandId;
import io.openshell.model.CommandRejected;
import io.openshell.model.CommandUnchanged;
import io.openshell.model.Event;
import io.openshell.model.EventEnvelope;
import io.openshell.model.EventSkipped;
import io.openshell.model.Rejection;
import io.openshell.model.RejectionCode;
import io.openshell.model.StreamCommand;
import io.openshell.model.StreamId;
import io.openshell.model.Surroundings;
import io.openshell.model.global.GlobalEvent;
import io.openshell.model.global.GlobalPolicy;
import io.openshell.model.inference.InferenceEvent;
import io.openshell.model.node.NodeEvent;
import io.openshell.model.inference.InferenceRoutes;
import io.openshell.model.node.NodeState;
import io.openshell.model.provider.ContributionRules;
import io.openshell.model.provider.CredentialReach;
import io.openshell.model.provider.ProviderEvent;
import io.openshell.model.provider.ProviderRules;
import io.openshell.model.provider.ProviderState;
import io.openshell.model.sandbox.SandboxEvent;
import io.openshell.model.sandbox.SandboxState;
import io.openshell.model.settings.Settings;
import io.openshell.model.settings.SettingsEvent;
import io.openshell.projection.PoisonedStream;
import io.openshell.wire.events.CommandCodec;
import io.openshell.wire.events.EventCodec;
import io.openshell.wire.events.EventSchema;
import io.openshell.wire.events.UndecodableRecord;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.BiPredicate;
import java.util.regex.Pattern;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Turns commands into events against the folded state. Commands of one batch see each other's events before they are
 * written; when it is not known whether they were, they are dropped and the folded state tells. One thread only.
 */
public final class CommandDecisions implements DecisionPort {

    private static final Logger LOG = LoggerFactory.getLogger(CommandDecisions.class);

    /** Streams decided but not folded yet, beyond which deciding waits for the fold. */
    static final int UNFOLDED = 20_000;

    /** Streams to keep before those folded meanwhile are let go. */
    private static final int CLEAN_AT = 1_000;

    /** The log takes records of up to a mebibyte, with a little room for what it adds. */
    private static final int MOST_BYTES = (1 << 20) - 4_096;

    private static final int MOST_REASON = 4_000;

    /** What a node's feed can be named after. */
    private static final Pattern NODE_ID = Pattern.compile("[a-zA-Z0-9._-]{1,200}");

    private final Image image;
    private final BiPredicate<Integer, Long> passed;
    private final Map<StreamId, StreamState> staged = new HashMap<>();
    private final Map<StreamId, StreamState> committed = new HashMap<>();
    /** Streams whose bad record was left out here, with its version, until the fold knows it too. */
    private final Map<StreamId, Long> healing = new HashMap<>();

    private final List<StreamId> stagedHealing = new ArrayList<>();
    private final ClaimedIds calls = new ClaimedIds();
    private final AtomicLong ignored = new AtomicLong();
    private final OtherStreams others;
    private int cleanAt = CLEAN_AT;

    /**
     * Decides on top of this fold.
     *
     * @param passed whether the fold has passed an offset of a partition
     */
    public CommandDecisions(EventFold fold, BiPredicate<Integer, Long> passed) {
        this.image = fold.image();
        this.passed = passed;
        this.others = new OtherStreams(image, this::current, this::unfolded);
    }

    @Override
    public boolean ready(int partition, long eventsEndOffset) {
        return passed.test(partition, eventsEndOffset);
    }

    @Override
    public boolean behind() {
        if (committed.size() > UNFOLDED) {
            letGo();
        }
        return committed.size() > UNFOLDED;
    }

    /** Commands left out since start because nothing could be decided on them. Any thread. */
    public long ignored() {
        return ignored.get();
    }

    @Override
    public Decided decide(LogRecord record) {
        try {
            return decide(CommandCodec.decode(record.value()), record.key());
        } catch (RuntimeException e) {
            // Pure code failed on what came from outside; it would fail again, and all streams of the partition would
            // wait behind it. No state was touched, and its sender's wait runs out.
            ignored.incrementAndGet();
            LOG.error("command ignored: stream={} position={}", record.key(), record.position(), e);
            return new Decided(List.of());
        }
    }

    private Decided decide(CommandEnvelope envelope, String key) {
        StreamId stream = envelope.stream();
        if (!stream.toString().equals(key)) {
            throw new UndecodableRecord("a command for stream " + stream + " under another stream's key");
        }
        StreamState before = current(stream);
        CommandId id = envelope.context().commandId();
        if (before.recent().find(id).isPresent() || image.decided(stream, id).isPresent()) {
            return new Decided(List.of());
        }
        Optional<PoisonedStream> poison = image.poison(stream);
        if (poison.isPresent() && healing.getOrDefault(stream, 0L) != poison.get().version()) {
            return heal(envelope, poison.get());
        }
        return record(envelope, before, events(envelope, before));
    }

    /** Leaves out the record a stream stopped at, when that is what is asked; no other command is decided there. */
    private Decided heal(CommandEnvelope envelope, PoisonedStream poison) {
        // What a newer release wrote has been applied there: left out here, the two would part for good.
        boolean fits = !poison.newer()
                && envelope.command() instanceof StreamCommand.SkipEvent skip && skip.version() == poison.version();
        if (!fits) {
            return new Decided(List.of());
        }
        // What was decided here behind the bad record is no part of the stream: every fold left it out.
        committed.remove(envelope.stream());
        staged.remove(envelope.stream());
        healing.put(envelope.stream(), poison.version());
        stagedHealing.add(envelope.stream());
        return record(envelope, current(envelope.stream()), List.of(new EventSkipped(poison.version())));
    }

    private List<Event> events(CommandEnvelope envelope, StreamState before) {
        if (!envelope.context().requestDigest().isEmpty()
                && !calls.claim(envelope.context().commandId(), envelope.stream(), image.called())) {
            return List.of(new CommandRejected(envelope.command().getClass().getSimpleName(), new Rejection(
                    RejectionCode.COMMAND_ID_REUSED,
                    "command id '" + envelope.context().commandId().value() + "' was used on another stream")));
        }
        String workspace = envelope.stream().workspace();
        Surroundings around = around(envelope, before.state());
        Optional<Rejection> elsewhere = around.refusal(envelope.command(), before.state())
                .or(() -> ProviderRules.refusal(workspace, envelope.command(), before.state(), others))
                .or(() -> ContributionRules.refusal(workspace, envelope.command(), before.state(), around.settings(), others));
        if (elsewhere.isPresent()) {
            return List.of(new CommandRejected(envelope.command().getClass().getSimpleName(), elsewhere.get()));
        }
        return Aggregates.decide(envelope.stream(), envelope.command(), before.state(), around, envelope.context()).stream()
                .map(CommandDecisions::clipped)
                .toList();
    }

    /**
     * As far as it is known here. Where another process decides about it, a change under way may be missed: what slips
     * through is stored for later and decides nothing while the global policy or setting stands.
     */
    private Surroundings around(CommandEnvelope envelope, AggregateState state) {
        return new Surroundings(
                current(StreamId.globalPolicy()).state() instanceof GlobalPolicy global ? global : GlobalPolicy.NONE,
                current(StreamId.settings()).state() instanceof Settings settings ? settings : Settings.NONE,
                state instanceof SandboxState.Live live
                        ? CredentialReach.hosts(live, name -> others.provider(live.request().workspace(), name)) : Set.of(),
                ContributionRules.contributed(envelope.stream().workspace(), envelope.command(), others));
    }

    /** A refusal that lists what is wrong with a huge policy must not outgrow the log's records. */
    private static Event clipped(Event event) {
        return event instanceof CommandRejected refused && refused.rejection().reason().length() > MOST_REASON
                ? new CommandRejected(refused.command(), new Rejection(
                        refused.rejection().code(), refused.rejection().reason().substring(0, MOST_REASON) + " …"),
                        refused.count())
                : event;
    }

    private Decided record(CommandEnvelope command, StreamState before, List<Event> events) {
        StreamState state = before;
        List<byte[]> encoded = new ArrayList<>(events.size());
        for (int i = 0; i < events.size(); i++) {
            EventEnvelope envelope = new EventEnvelope(
                    // A command id is the caller's choice; only together with its place in a stream is it unique.
                    command.stream() + "@" + (state.version() + 1),
                    command.stream(),
                    state.version() + 1,
                    command.context(),
                    EventSchema.version(events.get(i)),
                    events.size() - i - 1,
                    state.lastHash(),
                    events.get(i));
            byte[] bytes = EventCodec.encode(envelope);
            if (bytes.length > MOST_BYTES) {
                throw new IllegalArgumentException("an event of " + bytes.length + " bytes does not fit into the log");
            }
            state = state.after(envelope, EventCodec.hash(bytes));
            encoded.add(bytes);
        }
        Optional<String> node = feed(before, state);
        List<Entry> entries = new ArrayList<>(events.size());
        for (int i = 0; i < events.size(); i++) {
            Optional<String> feed = concernsNode(events.get(i)) ? node : Optional.empty();
            entries.add(new Entry(command.stream().toString(), encoded.get(i), feed));
        }
        staged.put(command.stream(), state);
        return new Decided(entries);
    }

    private static Optional<String> feed(StreamState before, StreamState after) {
        Optional<String> node = node(after.state()).or(() -> node(before.state()));
        if (node.isPresent() && !node.get().equals(Entry.EVERY_NODE) && !NODE_ID.matcher(node.get()).matches()) {
            throw new IllegalArgumentException("no feed can be named after node '" + node.get() + "'");
        }
        return node;
    }

    private Set<StreamId> unfolded() {
        Set<StreamId> streams = new HashSet<>(committed.keySet());
        streams.addAll(staged.keySet());
        return streams;
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
        calls.committed();
        stagedHealing.clear();
        healing.keySet().removeIf(stream -> !image.isPoisoned(stream));
        if (committed.size() > cleanAt) {
            letGo();
            // What is left waits for the fold; looking again after every batch would be quadratic.
            cleanAt = Math.max(CLEAN_AT, 2 * committed.size());
        }
    }

    private void letGo() {
        committed.entrySet().removeIf(e -> image.isPoisoned(e.getKey()) || folded(e.getKey(), e.getValue()));
    }

    private boolean folded(StreamId stream, StreamState own) {
        return image.find(stream).map(now -> now.version() >= own.version()).orElse(false);
    }

    @Override
    public void aborted() {
        staged.clear();
        calls.aborted();
        stagedHealing.forEach(healing::remove);
        stagedHealing.clear();
    }

    private static boolean concernsNode(Event event) {
        return switch (event) {
            case SandboxEvent e -> true;
            case GlobalEvent e -> true;
            case SettingsEvent e -> true;
            case ProviderEvent e -> false;
            case InferenceEvent e -> false;
            case NodeEvent e -> false;
            case CommandRejected e -> false;
            case CommandUnchanged e -> false;
            case EventSkipped e -> false;
        };
    }

    private static Optional<String> node(AggregateState state) {
        return switch (state) {
            case SandboxState.Live live -> Optional.of(live.placement().node()).filter(id -> !id.isEmpty());
            case SandboxState.Deleted deleted -> Optional.empty();
            case SandboxState.Unused unused -> Optional.empty();
            case GlobalPolicy global -> Optional.of(Entry.EVERY_NODE);
            case Settings settings -> Optional.of(Entry.EVERY_NODE);
            case ProviderState provider -> Optional.empty();
            case InferenceRoutes routes -> Optional.empty();
            case NodeState node -> Optional.empty();
        };
    }
}
