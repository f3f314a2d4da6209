package io.openshell.model.policy;

/** Whether two path selectors can select a common path. Where it cannot tell exactly it says yes. */
final class PathOverlap {
    private PathOverlap() {}

    static boolean possible(String one, String two) {
        if (one.isEmpty() || two.isEmpty() || one.equals(two)) {
            return true;
        }
        String left = fixedPrefix(one);
        String right = fixedPrefix(two);
        if (left.length() == one.length() && right.length() == two.length()) {
            return false;
        }
        return left.startsWith(right) || right.startsWith(left);
    }

    /** The text before the first wildcard; a trailing spanning wildcard also selects the path without its slash. */
    private static String fixedPrefix(String path) {
        int end = 0;
        while (end < path.length() && "*?[{\\".indexOf(path.charAt(end)) < 0) {
            end++;
        }
        return path.endsWith("/**") && end == path.length() - 2 ? path.substring(0, end - 1) : path.substring(0, end);
    }
}
