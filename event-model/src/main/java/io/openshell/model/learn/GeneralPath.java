package io.openshell.model.learn;

import java.util.regex.Pattern;

/** Observed paths as patterns: what looks like an identifier at the end stands for any. */
final class GeneralPath {
    private static final Pattern IDENTIFIER = Pattern.compile(
            "[0-9]{2,}|[0-9a-fA-F]{16,}|[0-9a-fA-F]{8}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{12}");
    private static final Pattern GLOB = Pattern.compile("[*?\\[\\]{}\\\\]");

    private GeneralPath() {}

    static String of(String path) {
        int query = path.indexOf('?');
        String bare = query < 0 ? path : path.substring(0, query);
        int slash = bare.lastIndexOf('/');
        String last = bare.substring(slash + 1);
        String start = bare.substring(0, slash + 1);
        // What a workload wrote must not become a pattern by itself.
        String literal = GLOB.matcher(start).replaceAll("?");
        return literal + (IDENTIFIER.matcher(last).matches() ? "*" : GLOB.matcher(last).replaceAll("?"));
    }
}
