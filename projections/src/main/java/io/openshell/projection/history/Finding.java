package io.openshell.projection.history;

import io.openshell.log.Position;

/** Something about a stream that must not be: the log was damaged or changed, or holds what this release cannot read. */
public sealed interface Finding {

    /** Where the record stands that shows it. */
    Position position();

    /** The record cannot be read by this release; the events around it are given all the same. */
    record Unreadable(Position position, String reason) implements Finding {}

    /** The record stands under this stream's key but tells of another stream. */
    record Foreign(Position position, String stream) implements Finding {}

    /** The event stands in the log more than once; it is given once. */
    record Repeated(Position position, long version) implements Finding {}

    /** Another event with a version that was taken already; the first one counts. */
    record Conflicting(Position position, long version) implements Finding {}

    /** Events are missing before this one; at the start of a stream also when it is longer than one read gives. */
    record Missing(Position position, long expected, long version) implements Finding {}

    /** The event does not name its predecessor's hash: one of the two was changed, or something between was taken out. */
    record BrokenChain(Position position, long version) implements Finding {}
}
