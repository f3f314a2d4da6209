package io.openshell.model.policy;

import java.util.Locale;

/** Whether two host patterns can match a common name. Where it cannot tell exactly it says yes. */
public final class HostOverlap {
    // Longer hosts are refused elsewhere; comparing them would only cost time.
    private static final int MAX_COMPARED = 512;
    private static final char STAR = '\u0001';
    private static final char SPAN = '\u0002';
    private static final char ANY = '\u0003';

    private final String left;
    private final String right;
    private final boolean[][] seen;

    private HostOverlap(String left, String right) {
        this.left = left;
        this.right = right;
        this.seen = new boolean[left.length() + 1][right.length() + 1];
    }

    /** Whether some name is matched by both; an empty pattern matches every name. */
    public static boolean possible(String one, String two) {
        if (one.isEmpty() || two.isEmpty() || one.length() + two.length() > MAX_COMPARED) {
            return true;
        }
        if (one.indexOf('*') < 0 && two.indexOf('*') < 0) {
            return one.equalsIgnoreCase(two);
        }
        if ((one + two).chars().anyMatch(c -> "{}[]\\".indexOf(c) >= 0)) {
            return true;
        }
        return new HostOverlap(tokens(one), tokens(two)).meets(0, 0);
    }

    /** One character per element: a literal, or a mark for a wildcard. A question mark is a wildcard only beside an asterisk. */
    private static String tokens(String host) {
        String folded = host.toLowerCase(Locale.ROOT);
        if (folded.indexOf('*') < 0) {
            return folded;
        }
        return folded.replace("**", String.valueOf(SPAN)).replace('*', STAR).replace('?', ANY);
    }

    private boolean meets(int i, int j) {
        if (seen[i][j]) {
            return false;
        }
        seen[i][j] = true;
        if (i == left.length() && j == right.length()) {
            return true;
        }
        return manyMeets(left, i, right, j, true) || manyMeets(right, j, left, i, false) || oneMeets(i, j);
    }

    /** The wildcard at {@code at} ends here, or takes the next element of the other side as well. */
    private boolean manyMeets(String wild, int at, String other, int next, boolean leftIsWild) {
        if (at == wild.length() || wild.charAt(at) != STAR && wild.charAt(at) != SPAN) {
            return false;
        }
        if (leftIsWild ? meets(at + 1, next) : meets(next, at + 1)) {
            return true;
        }
        boolean takes = next < other.length() && (wild.charAt(at) == SPAN || other.charAt(next) != '.');
        return takes && (leftIsWild ? meets(at, next + 1) : meets(next + 1, at));
    }

    private boolean oneMeets(int i, int j) {
        if (i == left.length() || j == right.length()) {
            return false;
        }
        char a = left.charAt(i);
        char b = right.charAt(j);
        boolean same = a == b || a == ANY && b != '.' || b == ANY && a != '.';
        return same && meets(i + 1, j + 1);
    }
}
