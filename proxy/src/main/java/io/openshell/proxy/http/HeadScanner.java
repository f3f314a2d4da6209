package io.openshell.proxy.http;

import io.netty.buffer.ByteBuf;

/** Finds the end of a head in bytes as they arrive, and stops early at bytes no head can hold. One per head. */
public final class HeadScanner {
    private final int limit;
    private int seen;
    /** How much of the final CR LF CR LF the last bytes make up. */
    private int matched;

    /**
     * Makes a scanner.
     *
     * @param limit how many bytes a head may have, its final empty line included
     */
    public HeadScanner(int limit) {
        this.limit = limit;
    }

    /** Where a scan stopped. */
    public enum Found {
        /** The head is complete; {@link #length()} says how long it is. */
        END,
        /** More bytes are needed. */
        MORE,
        /** The head is longer than allowed. */
        TOO_LONG,
        /** A byte or line end no head can hold. */
        MALFORMED
    }

    /**
     * Scans the bytes of the buffer that were not scanned before, without consuming any.
     *
     * @param head everything received so far, from the first byte of the head
     * @return where the scan stopped
     */
    public Found scan(ByteBuf head) {
        int from = head.readerIndex();
        while (seen < head.readableBytes()) {
            int next = head.getUnsignedByte(from + seen);
            seen++;
            if (!advance(next)) {
                return Found.MALFORMED;
            }
            if (seen > limit) {
                return Found.TOO_LONG;
            }
            if (matched == 4) {
                return Found.END;
            }
        }
        return Found.MORE;
    }

    private boolean advance(int next) {
        boolean afterReturn = matched == 1 || matched == 3;
        if (next == '\n') {
            matched++;
            return afterReturn;
        }
        if (afterReturn) {
            return false;
        }
        if (next == '\r') {
            matched = matched == 2 ? 3 : 1;
            return seen > 1;
        }
        matched = 0;
        return next >= 0x20 && next != 0x7f || next == '\t' && seen > 1;
    }

    /**
     * Says how long the head is.
     *
     * @return bytes scanned
     */
    public int length() {
        return seen;
    }
}
