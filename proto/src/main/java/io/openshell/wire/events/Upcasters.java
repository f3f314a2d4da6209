package io.openshell.wire.events;

import io.openshell.wire.events.v1.EventRecord;

/**
 * What an older shape of an event means in the next one: one pure function for each step. They see the record, not the
 * model, so that only they know what there once was.
 */
final class Upcasters {

    private Upcasters() {}

    /** Version 1 of a refusal leaves the count out when it is one; from version 2 on it is always there. */
    static EventRecord refusalsAreCounted(EventRecord older) {
        if (older.getRejected().getCount() != 0) {
            return older;
        }
        return older.toBuilder().setRejected(older.getRejected().toBuilder().setCount(1)).build();
    }
}
