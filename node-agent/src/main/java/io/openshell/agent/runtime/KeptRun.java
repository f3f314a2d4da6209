package io.openshell.agent.runtime;

/**
 * A start of a sandbox that an earlier life of the agent made.
 *
 * @param revision of the policy it was sealed with
 */
public record KeptRun(long epoch, String instanceId, int revision) {}
