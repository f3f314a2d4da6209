package io.openshell.wire.events;

import com.google.protobuf.Timestamp;
import java.time.DateTimeException;
import java.time.Instant;

/** Instants on the wire. */
public final class Times {

    private Times() {}

    /** To the wire, without loss. */
    public static Timestamp encode(Instant time) {
        return Timestamp.newBuilder()
                .setSeconds(time.getEpochSecond())
                .setNanos(time.getNano())
                .build();
    }

    /**
     * From the wire.
     *
     * @throws IllegalArgumentException when there is no such instant
     */
    public static Instant decode(Timestamp time) {
        try {
            return Instant.ofEpochSecond(time.getSeconds(), time.getNanos());
        } catch (DateTimeException | ArithmeticException e) {
            throw new IllegalArgumentException("no instant has these seconds", e);
        }
    }
}
