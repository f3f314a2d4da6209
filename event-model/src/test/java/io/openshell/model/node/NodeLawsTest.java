package io.openshell.model.node;

import static org.assertj.core.api.Assertions.assertThat;

import io.openshell.model.Actor;
import io.openshell.model.Context;
import io.openshell.model.Contexts;
import io.openshell.model.Decision;
import io.openshell.model.node.NodeState.Registered;
import io.openshell.model.node.NodeState.Retired;
import io.openshell.model.node.NodeState.Unknown;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** What holds for a node after any commands in any order. */
class NodeLawsTest {
    private static final int SEEDS = 200;
    private static final int COMMANDS = 40;

    private final NodeDecider decider = new NodeDecider();

    @Test
    void decidedEventsFitDecidingIsDeterministicAndRepeatingChangesNothing() {
        Set<Class<?>> seen = new HashSet<>();
        for (int seed = 0; seed < SEEDS; seed++) {
            Random random = new Random(seed);
            NodeState state = decider.initial();
            for (int i = 0; i < COMMANDS; i++) {
                NodeCommand command = command(random);
                Context context = Contexts.of(Actor.Kind.NODE, "n1", Contexts.NOON.plusSeconds(i));
                String where = "seed " + seed + ", command " + i + ": " + command;
                NodeState after = decideAndFold(state, command, context);
                assertThat(decideAndFold(state, command, context)).as(where).isEqualTo(after);
                assertThat(decideAndFold(after, command, context)).as(where).isEqualTo(after);
                assertThat(decideAndFold(after, new NodeCommand.Register(host(9), "fresh"), context)).as("%s, then a new start", where)
                        .isEqualTo(new Registered(host(9), "fresh", context.time()));
                seen.add(after.getClass());
                state = after;
            }
        }
        assertThat(seen).containsExactlyInAnyOrder(Unknown.class, Registered.class, Retired.class);
    }

    private NodeState decideAndFold(NodeState state, NodeCommand command, Context context) {
        return switch (decider.decide(command, state, context)) {
            case Decision.Rejected<NodeEvent> refused -> state;
            case Decision.Accepted<NodeEvent> accepted -> {
                NodeState after = state;
                for (NodeEvent event : accepted.events()) {
                    after = decider.evolve(after, event, context);
                }
                yield after;
            }
        };
    }

    private static NodeCommand command(Random random) {
        String incarnation = "a" + random.nextInt(3);
        return random.nextBoolean()
                ? new NodeCommand.Register(host(random.nextInt(3)), incarnation)
                : new NodeCommand.Retire(incarnation, "maintenance");
    }

    private static NodeDescription host(int number) {
        return new NodeDescription("host-" + number, List.of("linux"), List.of(), "");
    }
}
