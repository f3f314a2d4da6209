package io.openshell.gateway;

import io.openshell.model.Actor;
import io.openshell.model.AggregateState;
import io.openshell.model.Aggregates;
import io.openshell.model.CommandEnvelope;
import io.openshell.model.CommandId;
import io.openshell.model.Context;
import io.openshell.model.Decision;
import io.openshell.model.EventEnvelope;
import io.openshell.model.Outcome;
import io.openshell.model.StreamId;
import io.openshell.model.Surroundings;
import io.openshell.model.global.GlobalPolicy;
import io.openshell.model.node.NodeDescription;
import io.openshell.model.node.NodeState;
import io.openshell.model.policy.NetworkRule;
import io.openshell.model.provider.ProviderCommand;
import io.openshell.model.sandbox.Enforcement;
import io.openshell.model.sandbox.SandboxCommand;
import io.openshell.model.sandbox.SandboxDecider;
import io.openshell.model.sandbox.SandboxEvent;
import io.openshell.model.sandbox.SandboxState;
import io.openshell.model.settings.Settings;
import io.openshell.model.settings.SettingsCommand;
import io.openshell.model.settings.SettingsDecider;
import io.openshell.model.settings.SettingsEvent;
import io.openshell.projection.CommandBus;
import io.openshell.projection.Subscription;
import io.openshell.projection.history.History;
import io.openshell.log.LogRecord;
import io.openshell.projection.logs.LogLine;
import io.openshell.projection.logs.LogLines;
import io.openshell.projection.nodes.NodeViews;
import io.openshell.projection.past.AsOf;
import io.openshell.projection.past.PastUnavailable;
import io.openshell.projection.past.PastViews;
import io.openshell.projection.past.Views;
import io.openshell.projection.sandboxes.SandboxChange;
import io.openshell.projection.sandboxes.SandboxQuery;
import io.openshell.projection.sandboxes.SandboxView;
import io.openshell.projection.sandboxes.SandboxViews;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;

/** The read side and the command bus in memory, over the real decider; remembers every command. */
public final class FakePorts implements CommandBus, NodeViews {

    public final List<CommandEnvelope> commands = new CopyOnWriteArrayList<>();
    /** Whether commands are taken but never answered. */
    public volatile boolean silent;
    public final Sandboxes sandboxes = new Sandboxes();
    public final Logs logs = new Logs();
    public final FakeProviders providers = new FakeProviders();
    /** Records of the activity topic. */
    public final List<LogRecord> activity = new CopyOnWriteArrayList<>();
    private final List<History.Entry> entries = new CopyOnWriteArrayList<>();
    public final History history = (stream, deadline) -> entries.stream()
            .filter(entry -> entry.event().stream().equals(stream)).toList();
    /** An empty past before 2020, nothing known of what came after. */
    public final PastViews past = new PastViews() {
        @Override
        public Views at(AsOf point, Duration deadline) {
            if (point instanceof AsOf.Moment moment && moment.time().isBefore(Instant.parse("2020-01-01T00:00:00Z"))) {
                return new Views(new FakePorts().sandboxes, List::of, () -> io.openshell.model.global.GlobalPolicy.NONE, new FakeProviders(),
                        workspace -> io.openshell.model.inference.InferenceRoutes.NONE,                        () -> io.openshell.model.settings.Settings.NONE);
            }
            throw new PastUnavailable(PastUnavailable.Reason.FUTURE, "not yet");
        }

        @Override
        public AggregateState stateAt(StreamId stream, AsOf point, Duration deadline) {
            return at(point, deadline).sandboxes().list(new SandboxQuery(Optional.empty(), Map.of(), 0, 1)).isEmpty()
                    ? Aggregates.initial(stream.kind())
                    : states.get(stream);
        }
    };
    private final SandboxDecider decider = new SandboxDecider();
    private final Map<StreamId, SandboxState> states = new ConcurrentHashMap<>();
    private final Map<StreamId, Long> versions = new ConcurrentHashMap<>();
    private final Map<CommandId, Outcome> outcomes = new ConcurrentHashMap<>();
    private final List<Consumer<SandboxChange>> changeListeners = new CopyOnWriteArrayList<>();

    /** The gateway's settings, none at first. */
    public volatile Settings settings = Settings.NONE;

    /** Rules that attached providers contribute, by the provider's name. */
    public volatile Map<String, NetworkRule> contributed = Map.of();

    /** Runs before each command of a user is decided, for what happens in between. */
    public volatile Runnable inBetween = () -> {};

    @Override
    public synchronized CompletionStage<Outcome> submit(CommandEnvelope envelope, Duration deadline) {
        commands.add(envelope);
        if (envelope.context().actor().kind() == Actor.Kind.USER) {
            inBetween.run();
        }
        if (silent) {
            return new CompletableFuture<>();
        }
        // As in the log: a command is decided once under its id.
        Outcome outcome = outcomes.get(envelope.context().commandId());
        if (outcome == null) {
            outcome = decide(envelope);
            outcomes.put(envelope.context().commandId(), outcome);
        }
        return CompletableFuture.completedStage(outcome);
    }

    private Outcome decide(CommandEnvelope envelope) {
        if (envelope.command() instanceof ProviderCommand provider) {
            return providers.decide(envelope, provider);
        }
        if (envelope.command() instanceof SettingsCommand command) {
            return decided(command, envelope);
        }
        return decided((SandboxCommand) envelope.command(), envelope);
    }

    private Outcome decided(SandboxCommand command, CommandEnvelope envelope) {
        SandboxState state = states.getOrDefault(envelope.stream(), decider.initial());
        Decision<SandboxEvent> decision = decider.decide(
                command, state, new Surroundings(GlobalPolicy.NONE, settings, Set.of(), contributed), envelope.context());
        return switch (decision) {
            case Decision.Rejected<SandboxEvent> r -> new Outcome.Refused(r.rejection());
            case Decision.Accepted<SandboxEvent> a -> {
                for (SandboxEvent event : a.events()) {
                    state = decider.evolve(state, event, envelope.context());
                    record(envelope, event);
                }
                states.put(envelope.stream(), state);
                tell(envelope.stream(), state);
                yield new Outcome.Applied(envelope.stream(), versions.getOrDefault(envelope.stream(), 0L));
            }
        };
    }

    private Outcome decided(SettingsCommand command, CommandEnvelope envelope) {
        SettingsDecider rules = new SettingsDecider();
        return switch (rules.decide(command, settings, envelope.context())) {
            case Decision.Rejected<SettingsEvent> refused -> new Outcome.Refused(refused.rejection());
            case Decision.Accepted<SettingsEvent> accepted -> {
                accepted.events().forEach(event -> settings = rules.evolve(settings, event, envelope.context()));
                yield new Outcome.Applied(envelope.stream(), settings.revision());
            }
        };
    }

    @Override
    public Optional<Earlier> earlier(CommandId id) {
        return commands.stream()
                .filter(each -> each.context().commandId().equals(id))
                .findFirst()
                .map(each -> new Earlier(each.stream(), each.context().requestDigest()));
    }

    private void record(CommandEnvelope envelope, SandboxEvent event) {
        long version = versions.merge(envelope.stream(), 1L, Long::sum);
        entries.add(new History.Entry(
                new EventEnvelope("e" + version, envelope.stream(), version, envelope.context(), 0, 1, "", event), Instant.now()));
    }

    private void tell(StreamId stream, SandboxState state) {
        SandboxChange change = switch (state) {
            case SandboxState.Live live -> new SandboxChange.Updated(new SandboxView(live, versions.get(stream)));
            case SandboxState.Deleted gone -> new SandboxChange.Removed(gone.sandboxId());
            case SandboxState.Unused unused -> throw new IllegalStateException();
        };
        changeListeners.forEach(listener -> listener.accept(change));
    }

    /** What the node would report once the sandbox runs. */
    public void becomeReady(String name) {
        report(name, new SandboxCommand.ReportEnforced(new Enforcement(1, "i1", List.of(), Map.of(), 1), 1));
    }

    public void report(String name, SandboxCommand command) {
        Context context = new Context(new CommandId("n" + commands.size()), "c", "",
                new Actor(Actor.Kind.NODE, "local", "internal"), "", "node:local", Instant.now());
        submit(new CommandEnvelope(StreamId.sandbox("default", name), context, command), Duration.ofSeconds(1));
    }

    @Override
    public List<NodeView> nodes() {
        return List.of(new NodeView("local", new NodeState.Registered(
                new NodeDescription("box", List.of("linux"), List.of("LANDLOCK abi 7"), ""), "1", Instant.EPOCH)));
    }

    @Override
    public Optional<String> place() {
        return Optional.of("local");
    }

    @Override
    public String whyNoPlace() {
        return "";
    }

    /** Live sandboxes. */
    public final class Sandboxes implements SandboxViews {
        @Override
        public Optional<SandboxView> find(String workspace, String name) {
            StreamId stream = StreamId.sandbox(workspace, name);
            return states.get(stream) instanceof SandboxState.Live live
                    ? Optional.of(new SandboxView(live, versions.get(stream)))
                    : Optional.empty();
        }

        @Override
        public Optional<SandboxView> byId(String id) {
            return all().stream().filter(view -> view.id().equals(id)).findFirst();
        }

        @Override
        public List<SandboxView> list(SandboxQuery query) {
            return all().stream()
                    .filter(view -> query.workspace().map(view.workspace()::equals).orElse(true))
                    .filter(view -> view.state().request().labels().entrySet().containsAll(query.labels().entrySet()))
                    .skip(query.offset()).limit(query.limit()).toList();
        }

        private List<SandboxView> all() {
            List<SandboxView> views = new ArrayList<>();
            states.forEach((stream, state) -> {
                if (state instanceof SandboxState.Live live) {
                    views.add(new SandboxView(live, versions.get(stream)));
                }
            });
            return views;
        }

        @Override
        public Subscription onChange(Consumer<SandboxChange> listener) {
            changeListeners.add(listener);
            return () -> changeListeners.remove(listener);
        }
    }

    /** Log lines. */
    public static final class Logs implements LogLines {
        public final List<LogLine> lines = new CopyOnWriteArrayList<>();
        public final List<Consumer<LogLine>> listeners = new CopyOnWriteArrayList<>();

        /** Runs after the newest lines were read and before they are given. */
        public volatile Runnable afterRead = () -> {};

        @Override
        public List<LogLine> newest(String sandboxId, int count) {
            List<LogLine> all = List.copyOf(lines); // a part of the list itself fails when a line comes meanwhile
            afterRead.run();
            return all.subList(Math.max(0, all.size() - count), all.size());
        }

        @Override
        public Optional<LogLine> decision(String decisionId) {
            return lines.stream().filter(line -> decisionId.equals(line.fields().get("decision_id"))).findFirst();
        }

        @Override
        public Subscription follow(String sandboxId, Consumer<LogLine> listener) {
            listeners.add(listener);
            return () -> listeners.remove(listener);
        }

        public void write(LogLine line) {
            lines.add(line);
            listeners.forEach(listener -> listener.accept(line));
        }
    }
}
