package io.openshell.bench;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import org.junit.jupiter.api.Test;

class TableTest {
    private static final Row.Yardstick YARDSTICK = new Row.Yardstick("bwrap true", Samples.of(5), "");

    @Test
    void aFigureWithinItsLimitsIsOk() {
        Row row = row(Row.Values.against(Samples.of(20), YARDSTICK), new Limit.Median(20), new Limit.P99(80), new Limit.Ratio(5));
        assertThat(line(row)).contains("p50≤20 p99≤80 ≤5×").contains("bwrap true 5.00").contains("4.00×").endsWith("ok");
    }

    @Test
    void everyLimitMissedIsNamed() {
        Row row = row(Row.Values.against(Samples.of(21, 100, 30), YARDSTICK),
                new Limit.Median(20), new Limit.P99(80), new Limit.Ratio(5));
        assertThat(line(row)).endsWith("short: p50, p99, ratio");
    }

    @Test
    void aRateBelowItsLimitIsShort() {
        Limit rate = new Limit.Rate(10_000);
        assertThat(line(row(rated(10_000), rate))).contains("≥10000/s").endsWith("ok");
        assertThat(line(row(rated(9_999), rate))).contains("9999").endsWith("short: rate");
    }

    @Test
    void aRatioWithoutAYardstickIsNotCalledKept() {
        assertThat(line(row(Row.Values.of(Samples.of(1)), new Limit.Ratio(5)))).endsWith("not judged: ratio");
    }

    @Test
    void aFigureWithoutLimitsHasNoVerdict() {
        assertThat(line(row(Row.Values.of(Samples.of(1, 2))))).endsWith("-");
    }

    @Test
    void aSkippedRowTellsWhy() {
        assertThat(line(new Row.Skipped("launch", "bwrap is not installed"))).isEqualTo("launch  skipped: bwrap is not installed");
    }

    @Test
    void columnsStandBelowEachOther() {
        String[] lines = Table.of(List.of(row(Row.Values.of(Samples.of(1234))), row(Row.Values.of(Samples.of(1))))).split("\n");
        assertThat(lines[1].indexOf("ms")).isEqualTo(lines[0].indexOf("unit")).isEqualTo(lines[2].indexOf("ms"));
    }

    @Test
    void numbersHaveAsManyDigitsAsCanBeToldApart() {
        assertThat(List.of(Table.number(0.123), Table.number(12.34), Table.number(1234.5)))
                .containsExactly("0.12", "12.3", "1235");
    }

    private static Row row(Row.Values values, Limit... limits) {
        return new Row.Measured("create", "ms", List.of(limits), values);
    }

    private static Row.Values rated(double perSecond) {
        return new Row.Values(Samples.of(1), Optional.empty(), OptionalDouble.of(perSecond));
    }

    private static String line(Row row) {
        return Table.of(List.of(row)).split("\n")[1];
    }
}
