package io.openshell.proxy.websocket;

/** Follows a text byte by byte and says whether it can still be UTF-8. One per message. */
final class Utf8Check {
    private int left;
    private int low = 0x80;
    private int high = 0xbf;

    /** Takes the next byte; false when no UTF-8 text goes on like this. */
    boolean accept(int next) {
        if (left == 0) {
            return start(next);
        }
        boolean good = next >= low && next <= high;
        low = 0x80;
        high = 0xbf;
        left--;
        return good;
    }

    private boolean start(int next) {
        if (next < 0x80) {
            return true;
        }
        if (next < 0xc2 || next > 0xf4) {
            return false;
        }
        left = next < 0xe0 ? 1 : next < 0xf0 ? 2 : 3;
        // The second byte shuts out overlong forms, surrogates and what lies beyond Unicode.
        low = next == 0xe0 ? 0xa0 : next == 0xf0 ? 0x90 : 0x80;
        high = next == 0xed ? 0x9f : next == 0xf4 ? 0x8f : 0xbf;
        return true;
    }

    /** Whether the text may end here. */
    boolean isWhole() {
        return left == 0;
    }
}
