package io.openshell.agent.desired;

import io.openshell.model.StreamId;
import io.openshell.model.sandbox.SandboxState;

/**
 * One sandbox as the log wants it. Immutable.
 *
 * @param version of the newest event of the stream that concerned this node
 * @param correlationId of the newest request a person or gateway made of it, so that what the node reports can be joined to it
 */
public record DesiredSandbox(StreamId stream, SandboxState state, long version, String correlationId) {}
