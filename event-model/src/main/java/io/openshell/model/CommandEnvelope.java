package io.openshell.model;

/** A command on its way to the decider of its stream. */
public record CommandEnvelope(StreamId stream, Context context, Command command) {}
