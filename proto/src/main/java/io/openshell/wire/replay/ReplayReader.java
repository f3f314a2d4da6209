package io.openshell.wire.replay;

import com.google.protobuf.InvalidProtocolBufferException;
import io.openshell.wire.control.v1.ReplayHeader;
import io.openshell.wire.control.v1.ReplayRecord;
import io.openshell.wire.control.v1.ReplayTrailer;
import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.security.MessageDigest;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Optional;

/** Reads an incident file record by record and checks its trailer. Not thread-safe. */
public final class ReplayReader {

    private final InputStream in;
    private final MessageDigest digest = ReplayWriter.sha256();
    private final ReplayHeader header;
    private long events;
    private long activities;

    /**
     * Reads the begin of a file. The caller owns the stream.
     *
     * @throws ReplayRefused when it is no incident file, or one of a newer release
     */
    public ReplayReader(InputStream in) throws IOException {
        this.in = in;
        byte[] magic = ReplayFormat.magic();
        byte[] begin = in.readNBytes(magic.length);
        if (!Arrays.equals(begin, magic)) {
            throw new ReplayRefused("it is no incident file");
        }
        digest.update(begin);
        ReplayRecord first = read();
        if (first.getRecordCase() != ReplayRecord.RecordCase.HEADER) {
            throw new ReplayRefused("it does not begin with a header");
        }
        header = first.getHeader();
        int version = header.getFormatVersion();
        if (version < 1 || version > ReplayFormat.VERSION) {
            throw new ReplayRefused("it is of format version " + Integer.toUnsignedString(version)
                    + "; this release reads up to " + ReplayFormat.VERSION);
        }
    }

    /** What the file is about. */
    public ReplayHeader header() {
        return header;
    }

    /**
     * The next event or log line; empty at the end.
     *
     * @throws ReplayRefused when the file ends early, was changed, or goes on behind its trailer
     */
    public Optional<ReplayRecord> next() throws IOException {
        byte[] before = digest().digest();
        ReplayRecord record = read();
        return switch (record.getRecordCase()) {
            case EVENT -> {
                events++;
                yield Optional.of(record);
            }
            case ACTIVITY -> {
                activities++;
                yield Optional.of(record);
            }
            case TRAILER -> {
                check(record.getTrailer(), HexFormat.of().formatHex(before));
                yield Optional.empty();
            }
            case HEADER -> throw new ReplayRefused("it has a second header");
            case RECORD_NOT_SET -> throw new ReplayRefused("it holds a record this release cannot read");
        };
    }

    private MessageDigest digest() {
        try {
            return (MessageDigest) digest.clone();
        } catch (CloneNotSupportedException e) {
            throw new IllegalStateException("SHA-256 of the platform can be copied", e);
        }
    }

    private void check(ReplayTrailer trailer, String hash) throws IOException {
        if (!trailer.getSha256().equals(hash) || trailer.getEvents() != events || trailer.getActivities() != activities) {
            throw new ReplayRefused("it was changed after it was written: its contents do not match its checksum");
        }
        if (in.read() >= 0) {
            throw new ReplayRefused("it goes on behind its end");
        }
    }

    private ReplayRecord read() throws IOException {
        try {
            int length = length();
            byte[] bytes = in.readNBytes(length);
            if (bytes.length < length) {
                throw new EOFException();
            }
            digest.update(bytes);
            return ReplayRecord.parseFrom(bytes);
        } catch (EOFException e) {
            throw new ReplayRefused("it ends early");
        } catch (InvalidProtocolBufferException e) {
            throw new ReplayRefused("it was damaged: a record cannot be read");
        }
    }

    private int length() throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream(5);
        long length = 0;
        for (int shift = 0; shift < 35; shift += 7) {
            int b = in.read();
            if (b < 0) {
                throw new EOFException();
            }
            bytes.write(b);
            length |= (long) (b & 0x7f) << shift;
            if (b < 0x80) {
                if (length > ReplayFormat.LARGEST_RECORD) {
                    break;
                }
                digest.update(bytes.toByteArray());
                return (int) length;
            }
        }
        throw new ReplayRefused("it was damaged: a record is too large");
    }
}
