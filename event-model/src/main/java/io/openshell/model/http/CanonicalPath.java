package io.openshell.model.http;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HexFormat;

/** Gives a path the one form that policy and upstream both see: decoded once, dots resolved, encoded again. Pure. */
public final class CanonicalPath {
    /** How an encoded slash stands in a canonical path; whether it may be there is up to the endpoint. */
    public static final String ENCODED_SLASH = "%2F";

    private static final int LIMIT = 4096;
    private static final String PLAIN_MARKS = "-._~!$&'()*+,;=:@";
    private static final HexFormat HEX = HexFormat.of().withUpperCase();

    private CanonicalPath() {}

    /**
     * Brings a path into its canonical form.
     *
     * @param raw the path as sent, without query
     * @return an absolute path; slashes that were encoded still are
     * @throws BadPathException when the path has no single meaning
     */
    public static String of(String raw) throws BadPathException {
        if (raw.isEmpty()) {
            return "/";
        }
        if (raw.length() > LIMIT || raw.charAt(0) != '/') {
            throw new BadPathException(raw.length() > LIMIT ? "the path is too long" : "the path is not absolute");
        }
        Deque<String> kept = new ArrayDeque<>();
        boolean trailingSlash = false;
        int from = 1;
        while (from <= raw.length()) {
            int slash = raw.indexOf('/', from);
            int to = slash < 0 ? raw.length() : slash;
            String segment = decoded(raw.substring(from, to));
            from = to + 1;
            trailingSlash = segment.isEmpty() || segment.equals(".") || segment.equals("..");
            if (segment.equals("..")) {
                if (kept.pollLast() == null) {
                    throw new BadPathException("the path leaves its root");
                }
            } else if (!trailingSlash) {
                kept.addLast(encoded(segment));
            }
        }
        String path = "/" + String.join("/", kept);
        return trailingSlash && !kept.isEmpty() ? path + "/" : path;
    }

    /** One segment as Latin-1 text of its decoded bytes, parameters cut. A slash in it was encoded. */
    private static String decoded(String part) throws BadPathException {
        StringBuilder bytes = new StringBuilder(part.length());
        int i = 0;
        while (i < part.length() && part.charAt(i) != ';') {
            int c = part.charAt(i);
            if (c == '%') {
                c = escape(part, i);
                i += 2;
                if (c < 0x20 || c == 0x7f) {
                    throw new BadPathException("an encoded control character");
                }
            } else if (c <= 0x20 || c >= 0x7f || c == '#') {
                throw new BadPathException("a raw control or non-ASCII character");
            }
            if (c == ';') {
                break;
            }
            bytes.append((char) c);
            i++;
        }
        String segment = bytes.toString();
        if (segment.indexOf('/') >= 0) {
            requireNoDots(segment);
        }
        return segment;
    }

    /** An upstream that takes an encoded slash for a separator must not find a dot segment beside it. */
    private static void requireNoDots(String segment) throws BadPathException {
        for (String part : segment.split("/", -1)) {
            if (part.equals(".") || part.equals("..")) {
                throw new BadPathException("a dot segment beside an encoded slash");
            }
        }
    }

    private static int escape(String part, int at) throws BadPathException {
        int high = at + 2 < part.length() ? hex(part.charAt(at + 1)) : -1;
        int low = at + 2 < part.length() ? hex(part.charAt(at + 2)) : -1;
        if (high < 0 || low < 0) {
            throw new BadPathException("a malformed percent escape");
        }
        return high << 4 | low;
    }

    private static int hex(char c) {
        return HexFormat.isHexDigit(c) ? HexFormat.fromHexDigit(c) : -1;
    }

    private static String encoded(String segment) {
        StringBuilder out = new StringBuilder(segment.length());
        for (int i = 0; i < segment.length(); i++) {
            char c = segment.charAt(i);
            if (isPlain(c)) {
                out.append(c);
            } else {
                out.append('%').append(HEX.toHexDigits((byte) c));
            }
        }
        return out.toString();
    }

    private static boolean isPlain(char c) {
        return c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c >= '0' && c <= '9' || PLAIN_MARKS.indexOf(c) >= 0;
    }
}
