package io.openshell.bench;

import java.util.List;

/** Runs yardstick and subject in turn, so that both meet the same state of the machine. */
public final class Interleaved {
    private Interleaved() {}

    /** One measurement; it records its value itself. */
    public interface Step {
        /** Measures once. */
        void run() throws Exception;
    }

    /** Rounds of all steps; every second round has them the other way round, so that none always follows the same one. */
    public static void run(int rounds, List<Step> steps) throws Exception {
        for (int round = 0; round < rounds; round++) {
            List<Step> ordered = round % 2 == 0 ? steps : steps.reversed();
            for (Step step : ordered) {
                step.run();
            }
        }
    }
}
