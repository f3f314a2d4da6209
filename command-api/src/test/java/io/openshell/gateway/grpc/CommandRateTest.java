package io.openshell.gateway.grpc;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;

class CommandRateTest {
    private static final long SECOND = Duration.ofSeconds(1).toNanos();

    @Test
    void aCallerMaySendTwoSecondsWorthAtOnceAndThenWaits() {
        CommandRate rate = new CommandRate(10);
        for (int i = 0; i < 20; i++) {
            assertThat(rate.take("ada", 0)).as("command %d", i).isEmpty();
        }
        assertThat(rate.take("ada", 0)).contains(Duration.ofMillis(100));
        assertThat(rate.take("bob", 0)).isEmpty();
        assertThat(rate.take("ada", SECOND / 10)).isEmpty();
        assertThat(rate.take("ada", SECOND / 10)).isPresent();
    }

    @Test
    void anIdleCallerSavesUpNoMoreThanTwoSecondsWorth() {
        CommandRate rate = new CommandRate(10);
        assertThat(rate.take("ada", 0)).isEmpty();
        for (int i = 0; i < 20; i++) {
            assertThat(rate.take("ada", 3_600 * SECOND)).isEmpty();
        }
        assertThat(rate.take("ada", 3_600 * SECOND)).isPresent();
    }

    @Test
    void zeroMeansAnyNumber() {
        CommandRate rate = new CommandRate(0);
        for (int i = 0; i < 100_000; i++) {
            assertThat(rate.take("ada", 0)).isEmpty();
        }
    }
}
