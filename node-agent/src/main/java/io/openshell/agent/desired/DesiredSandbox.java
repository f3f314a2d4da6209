package io.openshell.agent.desired;

import io.openshell.model.StreamId;
import io.openshell.model.global.GlobalRevision;
import io.openshell.model.sandbox.SandboxState;
import java.util.Optional;

/**
 * One sandbox as the log wants it. Immutable.
 *
 * @param version of the newest event of the stream that concerned this node
 * @param correlationId of the newest request a person or gateway made of it, so that what the node reports can be joined to it
 * @param global the revision of the global policy that decides instead of its own
 */
public record DesiredSandbox(
        StreamId stream, SandboxState state, long version, String correlationId, Optional<GlobalRevision> global) {

    /** With no policy but its own. */
    public DesiredSandbox(StreamId stream, SandboxState state, long version, String correlationId) {
        this(stream, state, version, correlationId, Optional.empty());
    }

    /** The same under this global policy. */
    public DesiredSandbox under(Optional<GlobalRevision> inForce) {
        return new DesiredSandbox(stream, state, version, correlationId, inForce);
    }
}
