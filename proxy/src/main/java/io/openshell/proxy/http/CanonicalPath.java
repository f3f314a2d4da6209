package io.openshell.proxy.http;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;

/** Gives a path the one form that policy and upstream both see: decoded once, dots resolved, encoded again. Pure. */
final class CanonicalPath {
    private static final int LIMIT = 4096;
    private static final String PLAIN_MARKS = "-._~!$&'()*+,;=:@";

    private CanonicalPath() {}

    static String of(String raw) throws BadPathException {
        if (raw.isEmpty()) {
            return "/";
        }
        if (raw.length() > LIMIT || raw.charAt(0) != '/') {
            throw new BadPathException(raw.length() > LIMIT ? "the path is too long" : "the path is not absolute");
        }
        var kept = new ArrayDeque<String>();
        boolean trailingSlash = false;
        for (var segment : segments(raw)) {
            trailingSlash = segment.isEmpty() || segment.equals(".") || segment.equals("..");
            if (segment.equals("..")) {
                if (kept.pollLast() == null) {
                    throw new BadPathException("the path leaves its root");
                }
            } else if (!trailingSlash) {
                kept.addLast(encoded(segment));
            }
        }
        var path = "/" + String.join("/", kept);
        return trailingSlash && !kept.isEmpty() ? path + "/" : path;
    }

    /** Segments as Latin-1 text of their decoded bytes, parameters cut. */
    private static List<String> segments(String raw) throws BadPathException {
        var segments = new ArrayList<String>();
        for (var part : raw.substring(1).split("/", -1)) {
            int parameters = part.indexOf(';');
            segments.add(decoded(parameters < 0 ? part : part.substring(0, parameters)));
        }
        return segments;
    }

    private static String decoded(String part) throws BadPathException {
        var bytes = new StringBuilder(part.length());
        for (int i = 0; i < part.length(); i++) {
            int c = part.charAt(i);
            if (c == '%') {
                c = escape(part, i);
                i += 2;
                if (c < 0x20 || c == 0x7f || c == '/') {
                    throw new BadPathException("an encoded control character or slash");
                }
            } else if (c <= 0x20 || c >= 0x7f) {
                throw new BadPathException("a raw control or non-ASCII character");
            }
            bytes.append((char) c);
        }
        int parameters = bytes.indexOf(";");
        return parameters < 0 ? bytes.toString() : bytes.substring(0, parameters);
    }

    private static int escape(String part, int at) throws BadPathException {
        int high = at + 2 < part.length() ? Character.digit(part.charAt(at + 1), 16) : -1;
        int low = at + 2 < part.length() ? Character.digit(part.charAt(at + 2), 16) : -1;
        if (high < 0 || low < 0) {
            throw new BadPathException("a malformed percent escape");
        }
        return high << 4 | low;
    }

    private static String encoded(String segment) {
        var out = new StringBuilder(segment.length());
        for (char c : segment.toCharArray()) {
            if (Syntax.isAlphanumeric(c) || PLAIN_MARKS.indexOf(c) >= 0) {
                out.append(c);
            } else {
                out.append('%').append(String.format("%02X", (int) c));
            }
        }
        return out.toString();
    }
}
