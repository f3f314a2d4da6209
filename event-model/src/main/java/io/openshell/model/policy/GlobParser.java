package io.openshell.model.policy;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Turns the text of a glob into a {@link GlobProgram}. */
final class GlobParser {
    private static final int MAX_LENGTH = 4096;
    private static final int MAX_DEPTH = 16;

    private final String text;
    private final char separator;
    private final boolean starsMayBeEmpty;
    private final GlobProgram program = new GlobProgram();
    private int at;
    private int depth;

    private GlobParser(String text, char separator, boolean starsMayBeEmpty) {
        this.text = text;
        this.separator = separator;
        this.starsMayBeEmpty = starsMayBeEmpty;
    }

    /**
     * The program of a pattern; empty when it is malformed or unreasonably long.
     *
     * @param starsMayBeEmpty whether a spanning component also stands for no component at all
     */
    static Optional<GlobProgram> parse(String text, char separator, boolean starsMayBeEmpty) {
        if (text.length() > MAX_LENGTH || text.indexOf('\0') >= 0) {
            return Optional.empty();
        }
        GlobParser parser = new GlobParser(text, separator, starsMayBeEmpty);
        return parser.sequence() && parser.at == text.length() ? Optional.of(parser.program.finished()) : Optional.empty();
    }

    /** Reads up to the end, or inside braces up to the comma or brace that ends this alternative. */
    private boolean sequence() {
        while (at < text.length()) {
            char c = text.charAt(at);
            if (depth > 0 && (c == ',' || c == '}')) {
                return true;
            }
            boolean good = switch (c) {
                case '*' -> stars();
                case '?' -> {
                    at++;
                    program.one(other -> other != separator);
                    yield true;
                }
                case '[' -> characterClass();
                case '{' -> alternatives();
                case '}', ']' -> false;
                case '\\' -> escaped();
                default -> {
                    at++;
                    yield literal(c);
                }
            };
            if (!good) {
                return false;
            }
        }
        return true;
    }

    private boolean literal(char c) {
        program.one(other -> other == c);
        return true;
    }

    private boolean escaped() {
        if (at + 1 >= text.length()) {
            return false;
        }
        char c = text.charAt(at + 1);
        at += 2;
        return literal(c);
    }

    private boolean stars() {
        int start = at;
        while (at < text.length() && text.charAt(at) == '*') {
            at++;
        }
        boolean opens = start == 0 || text.charAt(start - 1) == separator;
        boolean closes = at == text.length() || text.charAt(at) == separator;
        if (at - start != 2 || !opens || !closes) {
            program.many(c -> c != separator);
            return true;
        }
        if (at == text.length()) {
            program.many(c -> true);
            return true;
        }
        at++;
        spanning();
        return true;
    }

    /** Components up to and including the separator that follows them. */
    private void spanning() {
        int before = program.end();
        if (!starsMayBeEmpty) {
            program.one(c -> c != separator);
        }
        program.many(c -> true);
        literal(separator);
        if (starsMayBeEmpty) {
            int after = program.state();
            program.free(program.end(), after);
            program.free(before, after);
            program.continueFrom(after);
        }
    }

    private boolean alternatives() {
        if (++depth > MAX_DEPTH) {
            return false;
        }
        int start = program.end();
        List<Integer> ends = new ArrayList<>();
        do {
            at++;
            int branch = program.state();
            program.free(start, branch);
            program.continueFrom(branch);
            if (!sequence() || at >= text.length()) {
                return false;
            }
            ends.add(program.end());
        } while (text.charAt(at) == ',');
        at++;
        depth--;
        int join = program.state();
        ends.forEach(end -> program.free(end, join));
        program.continueFrom(join);
        return true;
    }

    private boolean characterClass() {
        int i = at + 1;
        boolean negated = i < text.length() && (text.charAt(i) == '!' || text.charAt(i) == '^');
        i += negated ? 1 : 0;
        StringBuilder ranges = new StringBuilder();
        boolean first = true;
        while (i < text.length() && (text.charAt(i) != ']' || first)) {
            first = false;
            char low = text.charAt(i);
            boolean range = i + 2 < text.length() && text.charAt(i + 1) == '-' && text.charAt(i + 2) != ']';
            char high = range ? text.charAt(i + 2) : low;
            if (high < low) {
                return false;
            }
            ranges.append(low).append(high);
            i += range ? 3 : 1;
        }
        if (i >= text.length()) {
            return false;
        }
        at = i + 1;
        String set = ranges.toString();
        // A class never crosses a component, not even a negated one.
        program.one(c -> c != separator && contains(set, c) != negated);
        return true;
    }

    private static boolean contains(String ranges, char c) {
        for (int i = 0; i < ranges.length(); i += 2) {
            if (c >= ranges.charAt(i) && c <= ranges.charAt(i + 1)) {
                return true;
            }
        }
        return false;
    }
}
