package io.openshell.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class SamplesTest {
    @Test
    void medianOfAnOddNumberIsTheMiddleOne() {
        assertThat(Samples.of(9, 1, 5).median()).isEqualTo(5);
    }

    @Test
    void medianOfAnEvenNumberIsHalfWayBetweenTheTwoInTheMiddle() {
        assertThat(Samples.of(10, 1, 4, 2).median()).isEqualTo(3);
    }

    @Test
    void p99LeavesOneOfAHundredOut() {
        assertThat(oneTo(100).p99()).isEqualTo(99);
        assertThat(oneTo(1000).p99()).isEqualTo(990);
    }

    @Test
    void p99OfFewValuesIsTheLargest() {
        assertThat(oneTo(99).p99()).isEqualTo(99);
        assertThat(Samples.of(7).p99()).isEqualTo(7);
    }

    @Test
    void laterChangesOfTheGivenArrayDoNotShow() {
        double[] values = {1, 2, 3};
        Samples samples = Samples.of(values);
        values[1] = 100;
        assertThat(samples.median()).isEqualTo(2);
    }

    @Test
    void nothingMeasuredIsRefused() {
        assertThatThrownBy(() -> Samples.of(List.of())).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void aClearedRecorderKeepsOnlyWhatCameAfterwards() {
        Recorder recorder = new Recorder();
        recorder.add(1000);
        recorder.clear();
        recorder.addNanos(2_500_000);
        assertThat(recorder.samples().count()).isEqualTo(1);
        assertThat(recorder.samples().median()).isEqualTo(2.5);
    }

    private static Samples oneTo(int last) {
        return Samples.of(IntStream.rangeClosed(1, last).mapToObj(i -> (double) i).toList());
    }
}
