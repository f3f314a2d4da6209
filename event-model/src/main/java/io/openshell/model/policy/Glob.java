package io.openshell.model.policy;

import java.util.Locale;
import java.util.Optional;

/**
 * A compiled glob. {@code *} and {@code ?} stay inside one component, {@code **} as a whole component spans several, classes
 * ({@code [a-z]}, {@code [!x]}) and alternatives ({@code {a,b}}) are known and {@code \} escapes. Matching is anchored and takes
 * time proportional to pattern length times text length, whatever the pattern. Immutable.
 */
public final class Glob {
    private final String pattern;
    private final boolean foldCase;
    private final Optional<GlobProgram> program;

    private Glob(String pattern, boolean foldCase, Optional<GlobProgram> program) {
        this.pattern = pattern;
        this.foldCase = foldCase;
        this.program = program;
    }

    /** A pattern over host names: components are labels, letter case is ignored, a leading {@code **} stands for at least one label. */
    public static Glob host(String pattern) {
        String folded = pattern.toLowerCase(Locale.ROOT);
        return new Glob(pattern, true, GlobParser.parse(folded, '.', false));
    }

    /** A pattern over slash-separated paths: letter case counts, {@code **} followed by a slash also stands for no component. */
    public static Glob path(String pattern) {
        return new Glob(pattern, false, GlobParser.parse(pattern, '/', true));
    }

    /**
     * A pattern over one value, such as a query value: components are separated by dots and letter case counts; a slash is an
     * ordinary character.
     */
    public static Glob value(String pattern) {
        return new Glob(pattern, false, GlobParser.parse(pattern, '.', true));
    }

    /** Whether the pattern is well formed; a malformed one matches nothing. */
    public boolean isValid() {
        return program.isPresent();
    }

    /** Whether the whole text matches. A text with a NUL character never does. */
    public boolean matches(String text) {
        if (program.isEmpty() || text.indexOf('\0') >= 0) {
            return false;
        }
        return program.get().accepts(foldCase ? text.toLowerCase(Locale.ROOT) : text);
    }

    @Override
    public String toString() {
        return pattern;
    }
}
