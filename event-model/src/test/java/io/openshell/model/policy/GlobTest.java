package io.openshell.model.policy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatNoException;

import java.time.Duration;
import java.util.Random;
import org.junit.jupiter.api.Assertions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class GlobTest {
    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {
        "/a/*|/a/b|true", "/a/*|/a/|true", "/a/*|/a/b/c|false", "/a/*|/a|false", "/a/?|/a/b|true", "/a/?|/a/|false", "/a?b|/a/b|false",
        "/a/**|/a/b/c|true", "/a/**|/a/|true", "/a/**|/a|false", "**|/any/thing|true", "**|''|true",
        "/**/info/refs*|/o/r.git/info/refs|true", "/**/info/refs*|/info/refs|true", "/**/info/refs*|/xinfo/refs|false",
        "**/x|x|true", "**/x|a/b/x|true", "**/x|ax|false", "/a/**/z|/a/z|true", "/a/**/z|/a/b/c/z|true", "/a/**/z|/az|false",
        "/a**b|/axxb|true", "/a**b|/a/b|false", "/a/***|/a/b|true", "/a/***|/a/b/c|false",
        "[abc]x|bx|true", "[abc]x|dx|false", "[a-c]|b|true", "[!a]|b|true", "[!a]|a|false", "[^a]|b|true", "[!a]|/|false",
        "[]a]|]|true", "[a-]|-|true", "{a,b}c|ac|true", "{a,b}c|bc|true", "{a,b}c|cc|false", "{a,{b,d}}c|dc|true", "x{,y}|x|true",
        "\\*|*|true", "\\*|a|false", "a.b|axb|false", "A|a|false"})
    void pathPatterns(String pattern, String text, boolean matches) {
        assertThat(Glob.path(pattern).isValid()).isTrue();
        assertThat(Glob.path(pattern).matches(text)).isEqualTo(matches);
    }

    @ParameterizedTest
    @ValueSource(strings = {"[a", "a]", "{a", "a}", "{a,", "\\", "[z-a]", "a\0b"})
    void malformedPatternsMatchNothing(String pattern) {
        assertThat(Glob.path(pattern).isValid()).isFalse();
        assertThat(Glob.path(pattern).matches(pattern)).isFalse();
    }

    @Test
    void textWithNulNeverMatches() {
        assertThat(Glob.path("**").matches("/a/b")).isTrue();
        assertThat(Glob.path("**").matches("/a\0b")).isFalse();
    }

    @Test
    void hostilePatternsTakeBoundedTime() {
        Glob hostile = Glob.path("a*".repeat(200) + "b");
        Glob nested = Glob.path("{a,{a,{a,a}}}".repeat(100));
        Assertions.assertTimeout(Duration.ofSeconds(5), () -> {
            assertThat(hostile.matches("a".repeat(4000))).isFalse();
            assertThat(hostile.matches("a".repeat(4000) + "b")).isTrue();
            assertThat(nested.matches("a".repeat(100))).isTrue();
        });
    }

    @Test
    void randomPatternsNeverFail() {
        Random random = new Random(7);
        for (int i = 0; i < 5_000; i++) {
            StringBuilder pattern = new StringBuilder();
            for (int j = random.nextInt(12); j > 0; j--) {
                pattern.append("ab/.*?[]{},!\\-".charAt(random.nextInt(14)));
            }
            assertThatNoException().as(pattern.toString()).isThrownBy(() -> Glob.path(pattern.toString()).matches("a/b"));
        }
    }

    @Test
    void aPatternWithoutSpecialCharactersMatchesExactlyItself() {
        Random random = new Random(11);
        for (int i = 0; i < 2_000; i++) {
            StringBuilder text = new StringBuilder();
            for (int j = random.nextInt(10); j > 0; j--) {
                text.append("abz/.-_0".charAt(random.nextInt(8)));
            }
            assertThat(Glob.path(text.toString()).matches(text.toString())).isTrue();
            assertThat(Glob.path(text.toString()).matches(text + "x")).isFalse();
        }
    }
}
