package io.openshell.agent.runtime;

/**
 * A sandbox wanted more than its share.
 *
 * @param limit {@code memory} or {@code processes}
 * @param times since its start
 * @param detail what happened and what the share is
 */
public record LimitHit(String limit, long times, String detail) {}
