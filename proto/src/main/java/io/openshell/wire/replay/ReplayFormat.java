package io.openshell.wire.replay;

import java.nio.charset.StandardCharsets;

/** What every incident file begins with. */
public final class ReplayFormat {

    /** The version this release writes, and the newest it reads. */
    public static final int VERSION = 1;

    /** Bytes of one record at the most: larger than any record of the log. */
    static final int LARGEST_RECORD = 8 << 20;

    private static final byte[] MAGIC = "OSREPLAY".getBytes(StandardCharsets.US_ASCII);

    private ReplayFormat() {}

    static byte[] magic() {
        return MAGIC.clone();
    }
}
