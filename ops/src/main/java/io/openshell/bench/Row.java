package io.openshell.bench;

import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;

/** One line of the table. */
public sealed interface Row {
    /** What the line is about. */
    String figure();

    /**
     * Something measured.
     *
     * @param unit of the values, for example "ms"
     * @param limits what it has to keep to; none means that it is only told
     * @param values what was measured
     */
    record Measured(String figure, String unit, List<Limit> limits, Values values) implements Row {
        public Measured {
            limits = List.copyOf(limits);
        }

        /** Labels of the limits that were missed. */
        public List<String> missed() {
            return limits.stream().filter(values::judges).filter(limit -> !values.keeps(limit)).map(Limit::label).toList();
        }

        /** Labels of the limits nothing can be said about, such as a ratio without a yardstick. */
        public List<String> unjudged() {
            return limits.stream().filter(limit -> !values.judges(limit)).map(Limit::label).toList();
        }
    }

    /** Something that could not be measured here, and why. */
    record Skipped(String figure, String reason) implements Row {}

    /**
     * What was measured.
     *
     * @param subject the product
     * @param yardstick what it is compared with, in the same unit
     * @param perSecond how many the product did in a second, where that was measured
     */
    record Values(Samples subject, Optional<Yardstick> yardstick, OptionalDouble perSecond) {
        /** Without a comparison. */
        public static Values of(Samples subject) {
            return new Values(subject, Optional.empty(), OptionalDouble.empty());
        }

        /** With a comparison. */
        public static Values against(Samples subject, Yardstick yardstick) {
            return new Values(subject, Optional.of(yardstick), OptionalDouble.empty());
        }

        /** Median as a multiple of the yardstick's. */
        public OptionalDouble ratio() {
            return yardstick.filter(y -> y.samples().median() > 0)
                    .map(y -> OptionalDouble.of(subject.median() / y.samples().median()))
                    .orElse(OptionalDouble.empty());
        }

        private boolean judges(Limit limit) {
            return switch (limit) {
                case Limit.Median m -> true;
                case Limit.P99 p -> true;
                case Limit.Ratio r -> ratio().isPresent();
                case Limit.Rate r -> perSecond.isPresent();
            };
        }

        private boolean keeps(Limit limit) {
            return switch (limit) {
                case Limit.Median m -> subject.median() <= m.most();
                case Limit.P99 p -> subject.p99() <= p.most();
                case Limit.Ratio r -> ratio().orElseThrow() <= r.most();
                case Limit.Rate r -> perSecond.orElseThrow() >= r.least();
            };
        }
    }

    /**
     * What a figure is compared with.
     *
     * @param note more about it, such as its rate; may be empty
     */
    record Yardstick(String name, Samples samples, String note) {}
}
