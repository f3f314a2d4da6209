package io.openshell.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Every numbered case about policies stands in a test, or among those that are different on purpose or not built. */
class ConformanceCoverageTest {
    private static final int CASES = 204;
    private static final Pattern NAMED = Pattern.compile("[cC]ases? ?0*(\\d{1,3})((?:To|And|AndCase|, | and | to )0*(\\d{1,3}))*");
    private static final Pattern ROW = Pattern.compile("(?:arguments\\(|of\\(|\")0*(\\d{1,3})(?=[,| ])");
    private static final Pattern LISTED = Pattern.compile("^\\| ([0-9][0-9, –]*) \\|", Pattern.MULTILINE);

    @Test
    void everyCaseIsTestedOrSaidNotToBe() throws IOException {
        Set<Integer> known = new TreeSet<>();
        try (Stream<Path> files = Files.walk(root()).filter(ConformanceCoverageTest::isTest)) {
            files.forEach(file -> known.addAll(tested(read(file))));
        }
        String differences = read(root().resolve("docs/policy-differences.md"));
        known.addAll(listed(differences.substring(differences.indexOf("## Different on purpose"))));
        assertThat(IntStream.rangeClosed(1, CASES).filter(number -> !known.contains(number)).boxed()).isEmpty();
    }

    @Test
    void aCaseThatNobodyNamesIsMissed() {
        assertThat(tested("void case12AndCase13Something() {} void case108To110More() {}")).containsExactly(12, 13, 108, 109, 110);
        assertThat(tested("@ParameterizedTest(name = \"case {0}\") arguments(7, \"x\") @CsvSource({\"9,a\"})")).containsExactly(7, 9);
        assertThat(tested("arguments(7, \"x\")")).as("of a test that is about no case").isEmpty();
        assertThat(listed("| 72 | a | b |\n| 133–135 | c |\n| 5.4 | d |\n")).containsExactly(72, 133, 134, 135);
    }

    private static Set<Integer> tested(String source) {
        Set<Integer> numbers = new TreeSet<>();
        Matcher named = NAMED.matcher(source);
        while (named.find()) {
            List<Integer> all = Pattern.compile("\\d+").matcher(named.group()).results().map(each -> Integer.valueOf(each.group())).toList();
            numbers.addAll(all);
            if (named.group().matches(".*(To| to ).*")) {
                IntStream.rangeClosed(all.getFirst(), all.getLast()).forEach(numbers::add);
            }
        }
        if (source.contains("case {0}") || source.contains("case{0}")) {
            ROW.matcher(source).results().forEach(each -> numbers.add(Integer.valueOf(each.group(1))));
        }
        return numbers;
    }

    private static Set<Integer> listed(String document) {
        Set<Integer> numbers = new TreeSet<>();
        LISTED.matcher(document).results().flatMap(row -> Stream.of(row.group(1).split(", *"))).forEach(part -> {
            String[] ends = part.strip().split("–");
            IntStream.rangeClosed(Integer.parseInt(ends[0]), Integer.parseInt(ends[ends.length - 1])).forEach(numbers::add);
        });
        return numbers;
    }

    private static boolean isTest(Path file) {
        String path = file.toString();
        return path.contains("/src/test/java/") && path.endsWith(".java") && !path.endsWith("ConformanceCoverageTest.java");
    }

    private static String read(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The folder of the whole project; tests run in their module. */
    private static Path root() {
        return Path.of("").toAbsolutePath().getParent();
    }
}
