package io.openshell.model;

import io.openshell.model.global.GlobalCommand;
import io.openshell.model.global.GlobalDecider;
import io.openshell.model.global.GlobalEvent;
import io.openshell.model.global.GlobalPolicy;
import io.openshell.model.node.NodeCommand;
import io.openshell.model.node.NodeDecider;
import io.openshell.model.node.NodeEvent;
import io.openshell.model.node.NodeState;
import io.openshell.model.provider.ProviderCommand;
import io.openshell.model.provider.ProviderDecider;
import io.openshell.model.provider.ProviderEvent;
import io.openshell.model.provider.ProviderState;
import io.openshell.model.sandbox.SandboxCommand;
import io.openshell.model.sandbox.SandboxDecider;
import io.openshell.model.sandbox.SandboxEvent;
import io.openshell.model.sandbox.SandboxState;
import io.openshell.model.settings.Settings;
import io.openshell.model.settings.SettingsCommand;
import io.openshell.model.settings.SettingsDecider;
import io.openshell.model.settings.SettingsEvent;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** The deciders of all aggregates behind one door. Pure. */
public final class Aggregates {

    private static final SandboxDecider SANDBOX = new SandboxDecider();
    private static final NodeDecider NODE = new NodeDecider();
    private static final GlobalDecider GLOBAL = new GlobalDecider();
    private static final ProviderDecider PROVIDER = new ProviderDecider();
    private static final SettingsDecider SETTINGS = new SettingsDecider();

    private Aggregates() {}

    /** The state of an empty stream of this kind. */
    public static AggregateState initial(StreamId.Kind kind) {
        return switch (kind) {
            case SANDBOX -> SANDBOX.initial();
            case NODE -> NODE.initial();
            case POLICY -> GLOBAL.initial();
            case PROVIDER -> PROVIDER.initial();
            case SETTINGS -> SETTINGS.initial();
        };
    }

    /** As {@link #decide(StreamId, Command, AggregateState, Context)}, where other streams have a say as well. */
    public static List<Event> decide(
            StreamId stream, Command command, AggregateState state, Surroundings around, Context context) {
        Optional<Rejection> barred = around.refusal(command, state);
        if (barred.isPresent()) {
            return List.of(new CommandRejected(command.getClass().getSimpleName(), barred.get()));
        }
        return command instanceof SandboxCommand asked && state instanceof SandboxState sandbox
                ? recorded(asked, SANDBOX.decide(asked, sandbox, around, context))
                : decide(stream, command, state, context);
    }

    /** As {@link #decide(Command, AggregateState, Context)}, where nobody may speak for a node but that node. */
    public static List<Event> decide(StreamId stream, Command command, AggregateState state, Context context) {
        boolean foreign = command instanceof NodeCommand && stream.kind() == StreamId.Kind.NODE
                && !context.actor().isNode(stream.path());
        return foreign
                ? List.of(new CommandRejected(command.getClass().getSimpleName(), new Rejection(
                        RejectionCode.REPORTER_NOT_ASSIGNED,
                        "'" + context.actor().subject() + "' is not node '" + stream.path() + "'")))
                : decide(command, state, context);
    }

    /** What the command adds to the stream; never empty, since refusals and commands without effect are recorded too. */
    public static List<Event> decide(Command command, AggregateState state, Context context) {
        return switch (command) {
            case SandboxCommand c -> recorded(c, SANDBOX.decide(c, sandbox(state), context));
            case NodeCommand c -> recorded(c, NODE.decide(c, node(state), context));
            case GlobalCommand c -> recorded(c, GLOBAL.decide(c, global(state), context));
            case ProviderCommand c -> recorded(c, PROVIDER.decide(c, provider(state), context));
            case SettingsCommand c -> recorded(c, SETTINGS.decide(c, settings(state), context));
            case StreamCommand.RecordRefusals c -> List.of(new CommandRejected(c.command(), c.rejection(), c.count()));
            // A poisoned stream never gets here: whoever knows that it is poisoned decides about it.
            case StreamCommand.SkipEvent c -> List.of(new CommandRejected(
                    "SkipEvent",
                    new Rejection(RejectionCode.STREAM_NOT_POISONED, "every event of the stream can be read and applied")));
        };
    }

    private static List<Event> recorded(Command command, Decision<? extends Event> decision) {
        String name = command.getClass().getSimpleName();
        return switch (decision) {
            case Decision.Rejected<? extends Event> refused -> List.of(new CommandRejected(name, refused.rejection()));
            case Decision.Accepted<? extends Event> accepted -> accepted.events().isEmpty()
                    ? List.of(new CommandUnchanged(name))
                    : new ArrayList<>(accepted.events());
        };
    }

    /**
     * The state after the event.
     *
     * @throws MisfitEvent when the event cannot follow the state
     */
    public static AggregateState evolve(AggregateState state, Event event, Context context) {
        return switch (event) {
            case SandboxEvent e -> SANDBOX.evolve(sandbox(state), e, context);
            case NodeEvent e -> NODE.evolve(node(state), e, context);
            case GlobalEvent e -> GLOBAL.evolve(global(state), e, context);
            case ProviderEvent e -> PROVIDER.evolve(provider(state), e, context);
            case SettingsEvent e -> SETTINGS.evolve(settings(state), e, context);
            case CommandRejected e -> state;
            case CommandUnchanged e -> state;
            case EventSkipped e -> state;
        };
    }

    private static SandboxState sandbox(AggregateState state) {
        return of(SandboxState.class, "a sandbox's command or event", state);
    }

    private static NodeState node(AggregateState state) {
        return of(NodeState.class, "a node's command or event", state);
    }

    private static GlobalPolicy global(AggregateState state) {
        return of(GlobalPolicy.class, "the global policy's command or event", state);
    }

    private static ProviderState provider(AggregateState state) {
        return of(ProviderState.class, "a provider's command or event", state);
    }

    private static Settings settings(AggregateState state) {
        return of(Settings.class, "the settings' command or event", state);
    }

    private static <S> S of(Class<S> kind, String what, AggregateState state) {
        if (kind.isInstance(state)) {
            return kind.cast(state);
        }
        throw new MisfitEvent(what, switch (state) {
            case SandboxState s -> "a sandbox";
            case NodeState n -> "a node";
            case GlobalPolicy p -> "the global policy";
            case ProviderState p -> "a provider";
            case Settings s -> "the settings";
        });
    }
}
