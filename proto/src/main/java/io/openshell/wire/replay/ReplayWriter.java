package io.openshell.wire.replay;

import io.openshell.wire.control.v1.ReplayRecord;
import io.openshell.wire.control.v1.ReplayTrailer;
import java.io.IOException;
import java.io.OutputStream;
import java.security.DigestOutputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/** Writes an incident file, header first, and ends it with a trailer. Not thread-safe. */
public final class ReplayWriter {

    private final DigestOutputStream out;
    private long events;
    private long activities;

    /** Begins a file. The caller owns the stream. */
    public ReplayWriter(OutputStream out) throws IOException {
        this.out = new DigestOutputStream(out, sha256());
        this.out.write(ReplayFormat.magic());
    }

    /** Writes one record. */
    public void write(ReplayRecord record) throws IOException {
        switch (record.getRecordCase()) {
            case EVENT -> events++;
            case ACTIVITY -> activities++;
            case HEADER, TRAILER, RECORD_NOT_SET -> { }
        }
        record.writeDelimitedTo(out);
    }

    /** Events written. */
    public long events() {
        return events;
    }

    /** Log lines written. */
    public long activities() {
        return activities;
    }

    /** Writes the trailer; nothing may follow. */
    public void finish() throws IOException {
        String hash = HexFormat.of().formatHex(out.getMessageDigest().digest());
        out.on(false);
        ReplayRecord.newBuilder().setTrailer(ReplayTrailer.newBuilder()
                .setEvents(events).setActivities(activities).setSha256(hash)).build().writeDelimitedTo(out);
        out.flush();
    }

    static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
    }
}
