package io.openshell.agent.runtime;

/**
 * What a runtime keeps with a start for the agent that may take it over.
 *
 * @param epoch of the start, as the log counts them
 * @param revision of the policy it is sealed with
 * @param secret lives as long as the sandbox, outside of it and never on a disk
 */
public record Keepsake(long epoch, int revision, Secret secret) {
    /** Of a start that nobody will ask about. */
    public static final Keepsake NONE = new Keepsake(0, 0, Secret.NONE);
}
