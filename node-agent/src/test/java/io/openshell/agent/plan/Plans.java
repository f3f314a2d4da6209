package io.openshell.agent.plan;

import java.util.List;
import java.util.stream.Collectors;

/** Plans as one short line, so that a table of them can be read. */
final class Plans {

    private Plans() {}

    /** Steps by name; a report by what it tells. */
    static String line(List<Step> plan) {
        return plan.isEmpty() ? "nothing" : plan.stream().map(Plans::word).collect(Collectors.joining(", "));
    }

    private static String word(Step step) {
        return switch (step) {
            case Step.RemoveLeftovers r -> "remove leftovers";
            case Step.Adopt a -> "adopt " + (a.instanceId().isEmpty() ? "any" : a.instanceId());
            case Step.Launch l -> "launch " + l.epoch() + " with v" + l.revision().version();
            case Step.EnforcePolicy e -> "enforce v" + e.revision().version();
            case Step.EnforceGlobal e -> "enforce global v" + e.revision().version();
            case Step.Halt h -> "halt";
            case Step.Purge p -> "purge";
            case Step.Report r -> "tell " + r.fact();
        };
    }
}
