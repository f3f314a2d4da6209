package io.openshell.agent.plan;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Random;
import org.junit.jupiter.api.Test;

class GenerationsTest {

    @Test
    void withoutAGlobalPolicyAGenerationIsTheVersion() {
        assertThat(Generations.first(false, 1)).isEqualTo(1);
        assertThat(Generations.next(1, false, 2)).isEqualTo(2);
    }

    @Test
    void whateverFollowsOnWhateverTheNumberRisesAndTellsWhatDecides() {
        Random random = new Random(7);
        long now = Generations.first(false, 1);
        for (int i = 0; i < 10_000; i++) {
            boolean global = random.nextBoolean();
            int version = 1 + random.nextInt(5);
            long next = Generations.next(now, global, version);
            assertThat(next).isGreaterThan(now);
            assertThat(Generations.global(next)).isEqualTo(global);
            assertThat(Generations.version(next)).isEqualTo(version);
            now = next;
        }
    }
}
