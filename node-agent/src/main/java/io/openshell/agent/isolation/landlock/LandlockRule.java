package io.openshell.agent.isolation.landlock;

/**
 * One path of the ruleset, as seen inside the sandbox.
 *
 * @param required absence stops the launch instead of leaving the path out
 */
public record LandlockRule(String path, boolean writable, boolean required) {}
