package io.openshell.model.provider;

import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What a program inside a sandbox has in place of a credential. {@code openshell:resolve:env:NAME} where {@code NAME} is a
 * credential's key, its key at a revision ({@code v3_KEY}) or its key under a handle ({@code s<64 hex>_KEY}); or, for programs
 * that look at the shape of what they are given, a word that ends in {@code OPENSHELL-RESOLVE-ENV-NAME}. Pure.
 */
public final class Placeholders {

    /** Begins the first form. */
    public static final String MARKER = "openshell:resolve:env:";

    /** Stands before the name in the second one. */
    public static final String ALIAS = "OPENSHELL-RESOLVE-ENV-";

    /** What is shown where one stood. */
    public static final String SHOWN = "[CREDENTIAL]";

    private static final Pattern ANY = Pattern.compile(
            MARKER + "(?<name>[A-Za-z0-9_]+)|[A-Za-z0-9_.~-]+" + ALIAS + "(?<alias>[A-Za-z0-9_]+)");
    private static final Pattern SHAPED =
            Pattern.compile("(?i:openshell(?::|%3a)resolve(?::|%3a)env(?::|%3a))[A-Za-z0-9_%]+|[A-Za-z0-9_.~%-]+" + ALIAS + "[A-Za-z0-9_]+");

    private Placeholders() {}

    /**
     * One placeholder in a text.
     *
     * @param name of the credential, as it is written there
     */
    public record Found(int start, int end, String name) {}

    /** What stands in a sandbox's environment for the credential with this key. */
    public static String of(String key) {
        return MARKER + key;
    }

    /** The first one at or behind an index. */
    public static Optional<Found> next(String text, int from) {
        Matcher matcher = ANY.matcher(text);
        if (!matcher.find(from)) {
            return Optional.empty();
        }
        String name = matcher.group("name");
        return Optional.of(new Found(matcher.start(), matcher.end(), name == null ? matcher.group("alias") : name));
    }

    /** The text as it may be shown: a placeholder names a secret. */
    public static String hidden(String text) {
        // Nearly no text has one, and the pattern costs more than everything else about a request.
        return mayHold(text) ? SHAPED.matcher(text).replaceAll(Matcher.quoteReplacement(SHOWN)) : text;
    }

    private static boolean mayHold(String text) {
        for (int i = text.length() - 7; i >= 0; i--) {
            if (text.regionMatches(true, i, "resolve", 0, 7)) {
                return true;
            }
        }
        return false;
    }
}
