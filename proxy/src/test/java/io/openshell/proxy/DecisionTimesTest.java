package io.openshell.proxy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.openshell.proxy.DecisionTimes.Kind;
import org.junit.jupiter.api.Test;

final class DecisionTimesTest {
    private final DecisionTimes times = new DecisionTimes();

    @Test
    void nothingDecidedTakesNoTime() {
        assertThat(times.count(Kind.REQUEST)).isZero();
        assertThat(times.micros(Kind.REQUEST, 0.5)).isZero();
    }

    @Test
    void aShareLiesBetweenTheBoundsOfItsDecisions() {
        for (int i = 0; i < 99; i++) {
            times.took(Kind.CONNECTION, 60_000);
        }
        times.took(Kind.CONNECTION, 3_000_000);

        assertThat(times.micros(Kind.CONNECTION, 0.5)).isCloseTo(62, within(13.0));
        assertThat(times.micros(Kind.CONNECTION, 0.999)).isBetween(2_500.0, 5_000.0);
        assertThat(times.count(Kind.REQUEST)).as("kinds are counted apart").isZero();
    }

    @Test
    void theTextIsAHistogramWhoseCountsAddUp() {
        times.took(Kind.REQUEST, 7_000);
        times.took(Kind.REQUEST, 5_000_000_000L);

        assertThat(times.text()).contains(
                "openshell_proxy_decision_seconds_bucket{kind=\"request\",le=\"5.0E-6\"} 0\n",
                "openshell_proxy_decision_seconds_bucket{kind=\"request\",le=\"1.0E-5\"} 1\n",
                "openshell_proxy_decision_seconds_bucket{kind=\"request\",le=\"+Inf\"} 2\n",
                "openshell_proxy_decision_seconds_count{kind=\"request\"} 2\n",
                "openshell_proxy_decision_seconds_count{kind=\"connection\"} 0\n");
    }
}
