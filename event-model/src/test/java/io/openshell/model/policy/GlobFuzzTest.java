package io.openshell.model.policy;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Locale;
import java.util.Random;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Random patterns, built together with the regular expression that means the same, on random texts. */
@Timeout(60)
class GlobFuzzTest {
    private static final int PATTERNS = 4_000;
    private static final int TEXTS = 25;
    private static final String LETTERS = "abc";

    private enum Engine {
        HOST('.'), PATH('/'), VALUE('.');

        private final char separator;

        Engine(char separator) {
            this.separator = separator;
        }

        Glob glob(String pattern) {
            return switch (this) {
                case HOST -> Glob.host(pattern);
                case PATH -> Glob.path(pattern);
                case VALUE -> Glob.value(pattern);
            };
        }
    }

    private record Both(String glob, String regex) {}

    @Test
    void everyPatternMatchesWhatItsRegularExpressionMatches() {
        Random random = new Random(20_261_124);
        int matched = 0;
        for (int i = 0; i < PATTERNS; i++) {
            Engine engine = Engine.values()[random.nextInt(3)];
            Both pattern = pattern(random, engine);
            Glob glob = engine.glob(pattern.glob());
            assertThat(glob.isValid()).as(pattern.glob()).isTrue();
            Pattern regex = Pattern.compile(pattern.regex(), Pattern.DOTALL);
            for (int j = 0; j < TEXTS; j++) {
                String text = text(random, engine.separator);
                String seen = engine == Engine.HOST ? text.toLowerCase(Locale.ROOT) : text;
                boolean expected = regex.matcher(seen).matches();
                matched += expected ? 1 : 0;
                assertThat(glob.matches(text)).as("%s %s on '%s' (%s)", engine, pattern.glob(), text, pattern.regex())
                        .isEqualTo(expected);
            }
        }
        assertThat(matched).as("the texts are not all strangers to the patterns").isGreaterThan(PATTERNS);
    }

    @Test
    void noTextAndNoPatternMakesMatchingSlowOrThrow() {
        Random random = new Random(7);
        for (int i = 0; i < 20_000; i++) {
            StringBuilder pattern = new StringBuilder();
            for (int length = random.nextInt(24); length > 0; length--) {
                pattern.append("ab*?[]{},!^-\\./\0".charAt(random.nextInt(16)));
            }
            Glob.path(pattern.toString()).matches(text(random, '/'));
            Glob.host(pattern.toString()).matches(text(random, '.'));
        }
        String stars = "*a".repeat(500) + "b";
        assertThat(Glob.path(stars).matches("a".repeat(3_000))).isFalse();
    }

    private static Both pattern(Random random, Engine engine) {
        String separator = "\\" + engine.separator;
        int count = 1 + random.nextInt(4);
        StringBuilder glob = new StringBuilder();
        StringBuilder regex = new StringBuilder();
        for (int i = 0; i < count; i++) {
            boolean last = i == count - 1;
            if (random.nextInt(4) == 0) {
                glob.append("**");
                // A host's leading or middle ** stands for at least one label.
                regex.append(last ? ".*" : engine == Engine.HOST ? "[^.].*\\." : "(?:.*" + separator + ")?");
                glob.append(last ? "" : String.valueOf(engine.separator));
            } else {
                Both segment = segment(random, engine.separator);
                glob.append(segment.glob()).append(last ? "" : String.valueOf(engine.separator));
                regex.append(segment.regex()).append(last ? "" : separator);
            }
        }
        return new Both(glob.toString(), regex.toString());
    }

    /** One component; a star within it is never alone with another one, which would be a component of its own. */
    private static Both segment(Random random, char separator) {
        String other = "[^\\" + separator + "]";
        StringBuilder glob = new StringBuilder();
        StringBuilder regex = new StringBuilder();
        int atoms = 1 + random.nextInt(3);
        for (int i = 0; i < atoms; i++) {
            char letter = LETTERS.charAt(random.nextInt(LETTERS.length()));
            switch (random.nextInt(7)) {
                case 0 -> append(glob, regex, i == 0 ? letter + "**" : "*", i == 0 ? letter + other + "*" : other + "*");
                case 1 -> append(glob, regex, "?", other);
                case 2 -> append(glob, regex, "[" + letter + "c]", "[" + letter + "c]");
                case 3 -> append(glob, regex, "[!" + letter + "]", "[^" + letter + "\\" + separator + "]");
                case 4 -> append(glob, regex, "{" + letter + ",bb,}", "(?:" + letter + "|bb|)");
                case 5 -> append(glob, regex, "\\" + letter, String.valueOf(letter));
                default -> append(glob, regex, String.valueOf(letter), String.valueOf(letter));
            }
        }
        return new Both(glob.toString(), regex.toString());
    }

    private static void append(StringBuilder glob, StringBuilder regex, String part, String meaning) {
        glob.append(part);
        regex.append(meaning);
    }

    private static String text(Random random, char separator) {
        StringBuilder text = new StringBuilder();
        for (int length = random.nextInt(9); length > 0; length--) {
            int choice = random.nextInt(12);
            text.append(choice < 3 ? separator : choice == 11 ? '\n' : choice == 10 ? '*' : LETTERS.charAt(choice % 3));
        }
        return text.toString();
    }
}
