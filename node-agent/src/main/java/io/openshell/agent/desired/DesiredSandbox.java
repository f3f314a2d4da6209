package io.openshell.agent.desired;

import io.openshell.model.StreamId;
import io.openshell.model.Surroundings;
import io.openshell.model.sandbox.SandboxState;

/**
 * One sandbox as the log wants it. Immutable.
 *
 * @param version of the newest event of the stream that concerned this node
 * @param correlationId of the newest request a person or gateway made of it, so that what the node reports can be joined to it
 * @param around what is said for every sandbox
 */
public record DesiredSandbox(
        StreamId stream, SandboxState state, long version, String correlationId, Surroundings around) {

    /** While nothing is said for every sandbox. */
    public DesiredSandbox(StreamId stream, SandboxState state, long version, String correlationId) {
        this(stream, state, version, correlationId, Surroundings.NONE);
    }

    /** The same while this is said for every sandbox. */
    public DesiredSandbox under(Surroundings said) {
        return new DesiredSandbox(stream, state, version, correlationId, said);
    }
}
