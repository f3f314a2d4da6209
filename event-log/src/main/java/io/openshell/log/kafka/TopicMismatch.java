package io.openshell.log.kafka;

/**
 * A topic that exists with another setting than this release wants. It is reported, never changed: a changed partition
 * count would move streams to other partitions and break their order.
 */
public record TopicMismatch(String topic, String setting, String wanted, String found) {
    /** One sentence for an operator. */
    public String sentence() {
        return "topic " + topic + " has " + setting + " " + found + ", expected " + wanted;
    }
}
