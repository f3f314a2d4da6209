package io.openshell.model.global;

import static org.assertj.core.api.Assertions.assertThat;

import io.openshell.model.Actor;
import io.openshell.model.Context;
import io.openshell.model.Contexts;
import io.openshell.model.Decision;
import io.openshell.model.policy.BuiltInPolicies;
import io.openshell.model.policy.PolicyDocument;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** What holds for the global policy after any commands in any order. */
class GlobalLawsTest {
    private static final List<PolicyDocument> POLICIES =
            List.of(BuiltInPolicies.community(), BuiltInPolicies.community().withNetworkPolicies(Map.of()));

    private final GlobalDecider decider = new GlobalDecider();

    @Test
    void decidedEventsFitDecidingIsDeterministicAndRepeatingChangesNothing() {
        for (int seed = 0; seed < 200; seed++) {
            Random random = new Random(seed);
            GlobalPolicy state = decider.initial();
            for (int i = 0; i < 40; i++) {
                GlobalCommand command = random.nextInt(3) == 0
                        ? new GlobalCommand.DeleteGlobal()
                        : new GlobalCommand.SetGlobal(POLICIES.get(random.nextInt(2)), random.nextInt(3));
                Context context = Contexts.of(Actor.Kind.USER, "ada", Contexts.NOON.plusSeconds(i));
                String where = "seed " + seed + ", command " + i;
                GlobalPolicy after = after(state, command, context);
                assertThat(after(state, command, context)).as(where).isEqualTo(after);
                assertThat(after(after, command, context)).as(where).isEqualTo(after);
                assertThat(after.revisions()).as(where).extracting(GlobalRevision::version)
                        .isSorted().doesNotHaveDuplicates().hasSizeGreaterThanOrEqualTo(state.revisions().size());
                assertThat(after.version()).as(where).isIn(0, after.revisions().size());
                state = after;
            }
        }
    }

    private GlobalPolicy after(GlobalPolicy state, GlobalCommand command, Context context) {
        return switch (decider.decide(command, state, context)) {
            case Decision.Rejected<GlobalEvent> refused -> state;
            case Decision.Accepted<GlobalEvent> accepted -> {
                GlobalPolicy after = state;
                for (GlobalEvent event : accepted.events()) {
                    after = decider.evolve(after, event, context);
                }
                yield after;
            }
        };
    }
}
