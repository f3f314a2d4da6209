package io.openshell.log.kafka;

import java.util.List;

/**
 * One topic of the log: what is wanted of it and what there is.
 *
 * @param present whether it exists
 * @param settings those that matter, in the same order for every topic
 */
public record TopicReport(String topic, boolean present, List<Setting> settings) {
    public TopicReport {
        settings = List.copyOf(settings);
    }

    /**
     * One setting.
     *
     * @param found empty when there is no topic
     * @param fits whether what was found will do
     */
    public record Setting(String name, String wanted, String found, boolean fits) {}

    /** Whether it exists as it should. */
    public boolean fits() {
        return present && settings.stream().allMatch(Setting::fits);
    }

    List<TopicMismatch> mismatches() {
        return settings.stream().filter(each -> !each.fits())
                .map(each -> new TopicMismatch(topic, each.name(), each.wanted(), each.found())).toList();
    }
}
