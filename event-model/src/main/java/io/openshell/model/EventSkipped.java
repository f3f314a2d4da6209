package io.openshell.model;

/**
 * Somebody decided that the record standing at this version, which cannot be read or applied, is left out. The stream
 * goes on from the event before it. Changes no state.
 *
 * @param version of the record left out, the same as that of this event
 */
public record EventSkipped(long version) implements Event {}
