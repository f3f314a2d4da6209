package io.openshell.model;

/** How a command ended, as its caller learns it once the log holds the result. */
public sealed interface Outcome {

    /** It was decided; its stream is now at this version. */
    record Applied(StreamId stream, long version) implements Outcome {}

    /** It was refused. */
    record Refused(Rejection rejection) implements Outcome {}
}
