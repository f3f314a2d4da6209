package io.openshell.projection;

/**
 * A stream that takes no commands because it holds a record this release cannot read or apply.
 *
 * @param stream its key as it stands in the log
 * @param version at which it came to a stop: one above its last good event
 * @param partition of the events topic, with {@code offset} where the first such record stands
 * @param reason what was wrong with it, without its content
 */
public record PoisonedStream(String stream, long version, int partition, long offset, String reason) {}
