package io.openshell.projection;

import io.openshell.model.Rejection;
import io.openshell.model.RejectionCode;

/**
 * A stream that takes no commands because it holds a record this release cannot read or apply.
 *
 * @param stream its key as it stands in the log
 * @param version at which it came to a stop: one above its last good event
 * @param partition of the events topic, with {@code offset} where the first such record stands
 * @param reason what was wrong with it, without its content
 * @param newer whether a newer release wrote the record: then nothing is wrong with it, and it must not be left out
 */
public record PoisonedStream(String stream, long version, int partition, long offset, String reason, boolean newer) {

    /** One that no release can read. */
    public PoisonedStream(String stream, long version, int partition, long offset, String reason) {
        this(stream, version, partition, offset, reason, false);
    }

    /** Why its commands are refused. */
    public Rejection rejection() {
        return newer
                ? new Rejection(RejectionCode.STREAM_OF_NEWER_RELEASE, "the stream " + stream + " holds at version " + version
                        + " an event of a newer release; nothing is decided on it here until this gateway is upgraded")
                : new Rejection(RejectionCode.STREAM_POISONED,
                        "the stream " + stream + " holds an event this release cannot read or apply");
    }
}
