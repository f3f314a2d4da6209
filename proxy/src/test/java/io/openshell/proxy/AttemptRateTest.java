package io.openshell.proxy;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

class AttemptRateTest {
    private static final long SECOND = 1_000_000_000L;
    private final AttemptRate rate = new AttemptRate(0);

    private long taken(long from, long to, long now) {
        return LongStream.range(from, to).filter(each -> rate.take(each, now)).count();
    }

    @Test
    void theSameOneIsLookedIntoAgainAfterFiveSeconds() {
        assertThat(rate.take("a", 0)).isTrue();
        assertThat(rate.take("a", 4 * SECOND)).isFalse();
        assertThat(rate.take("b", 4 * SECOND)).isTrue();
        assertThat(rate.take("a", 6 * SECOND)).isTrue();
    }

    @Test
    void manyAreLookedIntoAtOnceAndTenASecondInTheLongRun() {
        assertThat(taken(0, 1_000, 0)).isEqualTo(32);
        assertThat(taken(2_000, 3_000, 0)).isZero();
        assertThat(taken(3_000, 4_000, SECOND)).isEqualTo(10);
        assertThat(taken(4_000, 5_000, 3_600 * SECOND)).as("no more than at the beginning").isEqualTo(32);
    }
}
