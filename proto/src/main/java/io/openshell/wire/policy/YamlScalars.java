package io.openshell.wire.policy;

import java.util.Comparator;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;

/** Meaning of plain scalars: the core schema of YAML 1.2, where only true and false are truth words. */
final class YamlScalars {
    private static final Set<String> NULLS = Set.of("", "~", "null", "Null", "NULL");
    private static final int MAX_COMPARED = 64;

    private YamlScalars() {}

    static boolean isNull(String plain) {
        return NULLS.contains(plain);
    }

    static Optional<Boolean> flag(String plain) {
        return switch (plain) {
            case "true", "True", "TRUE" -> Optional.of(true);
            case "false", "False", "FALSE" -> Optional.of(false);
            default -> Optional.empty();
        };
    }

    static Optional<Double> number(String plain) {
        return switch (plain) {
            case ".nan" -> Optional.of(Double.NaN);
            case ".inf" -> Optional.of(Double.POSITIVE_INFINITY);
            case "-.inf" -> Optional.of(Double.NEGATIVE_INFINITY);
            default -> plain.matches("[-+]?(\\.[0-9]+|[0-9]+(\\.[0-9]*)?)([eE][-+]?[0-9]{1,5})?")
                    ? Optional.of(Double.parseDouble(plain)) : Optional.empty();
        };
    }

    /** Whether a text may be written without quotes and still be read as that text by any reader of YAML 1.1 or 1.2. */
    static boolean needsNoQuotes(String text) {
        return text.matches("[A-Za-z/_][A-Za-z0-9_./+@-]*")
                && !Set.of("true", "false", "yes", "no", "on", "off", "null", "y", "n").contains(text.toLowerCase(Locale.ROOT));
    }

    /** The known word nearest to a mistyped one, if any is near enough to be meant. */
    static Optional<String> closest(String typed, Set<String> known) {
        if (typed.length() > MAX_COMPARED) {
            return Optional.empty();
        }
        Optional<String> extended = known.stream().sorted()
                .filter(word -> typed.length() >= 4 && (word.startsWith(typed) || typed.startsWith(word) && word.length() >= 4))
                .findFirst();
        return known.stream().sorted().min(Comparator.comparingInt(word -> distance(typed, word)))
                .filter(word -> distance(typed, word) <= Math.max(1, typed.length() / 3)).or(() -> extended);
    }

    private static int distance(String left, String right) {
        int[] row = new int[right.length() + 1];
        for (int j = 0; j < row.length; j++) {
            row[j] = j;
        }
        for (int i = 1; i <= left.length(); i++) {
            int diagonal = row[0];
            row[0] = i;
            for (int j = 1; j < row.length; j++) {
                int substituted = diagonal + (left.charAt(i - 1) == right.charAt(j - 1) ? 0 : 1);
                diagonal = row[j];
                row[j] = Math.min(substituted, Math.min(row[j], row[j - 1]) + 1);
            }
        }
        return row[right.length()];
    }
}
