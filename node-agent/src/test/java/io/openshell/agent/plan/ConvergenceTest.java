package io.openshell.agent.plan;

import static org.assertj.core.api.Assertions.assertThat;

import io.openshell.model.sandbox.Phase;
import io.openshell.model.sandbox.SandboxCommand;
import io.openshell.model.sandbox.SandboxState;
import java.util.Optional;
import java.util.Random;
import java.util.stream.LongStream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * However users, reports under way, restarts and failures fall together, planning comes to an end where the log wants it.
 * The simulated node itself refuses a launch over what still runs.
 */
class ConvergenceTest {

    private static final int MOVES = 120;
    private static final int RUNS_PER_SEED = 50;

    static LongStream seeds() {
        return LongStream.rangeClosed(1, 40);
    }

    @ParameterizedTest
    @MethodSource("seeds")
    void everyInterleavingSettles(long seed) {
        for (int run = 0; run < RUNS_PER_SEED; run++) {
            Random random = new Random(seed * 1_000 + run);
            SandboxStream log = new SandboxStream();
            SimulatedNode node = new SimulatedNode(log);
            log.user(SandboxStream.create("s0"));
            for (int i = 0; i < MOVES; i++) {
                move(random, log, node, i);
            }
            node.settle();
            requireAgreement(log, node);
            if (log.state() instanceof SandboxState.Live) {
                log.user(new SandboxCommand.Delete());
                node.settle();
            }
            assertThat(log.state()).as("seed %d run %d", seed, run).isInstanceOf(SandboxState.Deleted.class);
            node.requireNothingLeft();
        }
    }

    private static void requireAgreement(SandboxStream log, SimulatedNode node) {
        node.requireNothingLeft();
        if (log.state() instanceof SandboxState.Live live) {
            assertThat(live.phase()).as("a phase that waits for nobody").isIn(Phase.READY, Phase.ERROR, Phase.STOPPED);
            assertThat(live.phase() == Phase.READY ? node.runsReady(live) : !node.hasProcesses(live.request().sandboxId()))
                    .as("the host agrees with " + live.phase()).isTrue();
        }
    }

    private static void move(Random random, SandboxStream log, SimulatedNode node, int i) {
        switch (random.nextInt(15)) {
            case 0, 1, 2 -> node.plan();
            case 3, 4 -> node.look();
            case 5, 6, 7 -> node.deliver();
            case 8 -> node.restart();
            case 9 -> node.mainExits(random.nextInt(256));
            case 10 -> node.refuseNextLaunch();
            case 11 -> node.failNextPolicy();
            case 14 -> node.loseWhatRuns();
            default -> log.user(command(random, i));
        }
    }

    private static SandboxCommand command(Random random, int i) {
        return switch (random.nextInt(6)) {
            case 0 -> SandboxStream.create("s" + (i + 1));
            case 1, 2 -> new SandboxCommand.Start(Optional.of(SandboxStream.NODE));
            case 3 -> new SandboxCommand.Stop();
            case 4 -> new SandboxCommand.Delete();
            default -> SandboxStream.reaching("h" + random.nextInt(3) + ".example.com");
        };
    }
}
