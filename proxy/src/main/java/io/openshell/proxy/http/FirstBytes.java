package io.openshell.proxy.http;

import io.netty.buffer.ByteBuf;
import java.nio.charset.StandardCharsets;

/** Tells protocols apart by the first bytes a client sends. Pure. */
public enum FirstBytes {
    /** A TLS record of a handshake. */
    TLS,
    /** The start of an HTTP/1 request line. */
    HTTP1,
    /** The preface of HTTP/2. */
    HTTP2,
    /** Something else. */
    UNKNOWN,
    /** There are too few to tell. */
    TOO_FEW;

    /** No more than this many bytes are ever looked at. */
    public static final int MOST = 32;

    private static final byte[] PREFACE = "PRI * HT".getBytes(StandardCharsets.US_ASCII);
    private static final int LONGEST_METHOD = 24;

    /**
     * Looks at what has arrived so far.
     *
     * @param bytes everything so far; nothing is taken out of it
     * @return the protocol, or that more is needed
     */
    public static FirstBytes of(ByteBuf bytes) {
        int count = Math.min(MOST, bytes.readableBytes());
        if (count == 0) {
            return TOO_FEW;
        }
        if (at(bytes, 0) == 0x16) {
            return tls(bytes, count);
        }
        if (at(bytes, 0) == PREFACE[0] && startsWithPreface(bytes, count)) {
            return count < PREFACE.length ? TOO_FEW : HTTP2;
        }
        return http(bytes, count);
    }

    private static FirstBytes tls(ByteBuf bytes, int count) {
        if (count >= 2 && at(bytes, 1) != 3 || count >= 3 && at(bytes, 2) > 4) {
            return UNKNOWN;
        }
        return count >= 3 ? TLS : TOO_FEW;
    }

    private static boolean startsWithPreface(ByteBuf bytes, int count) {
        for (int i = 0; i < Math.min(count, PREFACE.length); i++) {
            if (at(bytes, i) != PREFACE[i]) {
                return false;
            }
        }
        return true;
    }

    /** A token, a blank, and the start of a target: enough for HTTP and too much for anything that merely begins with a word. */
    private static FirstBytes http(ByteBuf bytes, int count) {
        int end = 0;
        while (end < count && Syntax.isTokenCharacter(at(bytes, end))) {
            end++;
        }
        if (end == 0 || end > LONGEST_METHOD || end < count && at(bytes, end) != ' ') {
            return UNKNOWN;
        }
        if (end + 1 >= count) {
            return TOO_FEW;
        }
        int target = at(bytes, end + 1);
        return target == '/' || target == '*' || target == 'h' || target == 'H' ? HTTP1 : UNKNOWN;
    }

    private static int at(ByteBuf bytes, int index) {
        return bytes.getUnsignedByte(bytes.readerIndex() + index);
    }
}
