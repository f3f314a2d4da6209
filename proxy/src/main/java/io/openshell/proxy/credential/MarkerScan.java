package io.openshell.proxy.credential;

import io.netty.buffer.ByteBuf;
import io.openshell.model.provider.Placeholders;
import java.nio.charset.StandardCharsets;
import java.util.Locale;

/**
 * Looks for the mark of a placeholder in bytes that come in parts, in any letter case and also where some or all of it is
 * percent-encoded, once or more often. Keeps no bytes. One thread.
 */
public final class MarkerScan {
    private final Automaton marker = new Automaton(Placeholders.MARKER);
    private final Automaton alias = new Automaton(Placeholders.ALIAS);
    /** Characters of an escape that are still to come: 0 outside, 2 behind the percent sign, 1 behind its first digit. */
    private int missing;

    private int firstDigit;
    private boolean found;

    /** Tells how far into one pattern the text just read goes. */
    private static final class Automaton {
        private final byte[] pattern;
        private final int[] fallback;
        private int at;

        Automaton(String text) {
            pattern = text.toLowerCase(Locale.ROOT).getBytes(StandardCharsets.US_ASCII);
            fallback = new int[pattern.length];
            for (int i = 1, length = 0; i < pattern.length; ) {
                if (pattern[i] == pattern[length]) {
                    fallback[i++] = ++length;
                } else if (length > 0) {
                    length = fallback[length - 1];
                } else {
                    i++;
                }
            }
        }

        boolean meets(int character) {
            while (at > 0 && pattern[at] != character) {
                at = fallback[at - 1];
            }
            at = pattern[at] == character ? at + 1 : 0;
            if (at == pattern.length) {
                at = 0;
                return true;
            }
            return false;
        }
    }

    /**
     * Looks at a whole text.
     *
     * @param text the text
     * @return true when there is a mark in it
     */
    public static boolean isIn(String text) {
        return mayBeIn(text) && isIn(text.getBytes(StandardCharsets.UTF_8));
    }

    /** Nearly no text has an escape or this word, and this is asked of every field of every request. */
    private static boolean mayBeIn(String text) {
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c == '%' || (c == 'v' || c == 'V') && text.regionMatches(true, i - 5, "resolve", 0, 7)) {
                return true;
            }
        }
        return false;
    }

    /**
     * Looks at all bytes of something.
     *
     * @param bytes the bytes
     * @return true when there is a mark in them
     */
    public static boolean isIn(byte[] bytes) {
        var scan = new MarkerScan();
        for (byte each : bytes) {
            scan.take(each & 0xff);
        }
        return scan.isFound();
    }

    /**
     * Takes in the next bytes and leaves them where they are.
     *
     * @param bytes the bytes
     * @return true when a mark has come by now
     */
    public boolean sees(ByteBuf bytes) {
        bytes.forEachByte(each -> {
            take(each & 0xff);
            return !found;
        });
        return found;
    }

    /**
     * Takes in the next byte.
     *
     * @param next from 0 to 255
     */
    public void take(int next) {
        int digit = missing == 0 ? -1 : Character.digit(next, 16);
        if (missing == 0) {
            literal(next);
        } else if (digit < 0) {
            broken(next);
        } else if (missing == 2) {
            firstDigit = next;
            missing = 1;
        } else {
            missing = 0;
            // What an escape stands for may itself begin an escape.
            literal(Character.digit(firstDigit, 16) << 4 | digit);
        }
    }

    private void literal(int character) {
        if (character == '%') {
            missing = 2;
        } else {
            match(character);
        }
    }

    /** No escape after all: what looked like one stands for itself. */
    private void broken(int next) {
        match('%');
        if (missing == 1) {
            match(firstDigit);
        }
        missing = 0;
        literal(next);
    }

    private void match(int character) {
        int folded = character >= 'A' && character <= 'Z' ? character + 32 : character;
        boolean one = marker.meets(folded);
        boolean other = alias.meets(folded);
        found |= one || other;
    }

    /**
     * Says whether a mark has come by.
     *
     * @return true when one has
     */
    public boolean isFound() {
        return found;
    }
}
