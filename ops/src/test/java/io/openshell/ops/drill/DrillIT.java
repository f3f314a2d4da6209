package io.openshell.ops.drill;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DrillIT {

    @TempDir
    Path home;

    @Test
    void killedGatewaysNodesAndBrokersLoseNothingAcknowledgedAndDoNothingTwice() {
        Drill.Result result = Drill.run(new Drill.Plan(
                Drill.Disturbance.KILLS, 2, 6, Duration.ofSeconds(8), 20_261_123), home);

        System.out.print(result.text());
        assertThat(result.problems()).isEmpty();
        assertThat(result.accepted()).isPositive();
        assertThat(result.gatewayEnds()).isPositive();
        assertThat(result.nodeEnds()).isPositive();
        assertThat(result.brokerEnds()).isPositive();
    }

    @Test
    void aRollingRestartOfThreeGatewaysLosesNothingAcknowledged() {
        Drill.Result result = Drill.run(new Drill.Plan(
                Drill.Disturbance.ROLLING_RESTART, 3, 6, Duration.ofSeconds(2), 7), home);

        System.out.print(result.text());
        assertThat(result.problems()).isEmpty();
        assertThat(result.givenUp()).isZero();
        assertThat(result.gatewayEnds()).isGreaterThanOrEqualTo(3);
    }
}
