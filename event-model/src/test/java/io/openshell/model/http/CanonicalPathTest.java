package io.openshell.model.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class CanonicalPathTest {
    @ParameterizedTest
    @CsvSource({
        "'', /",
        "/, /",
        "/a/b, /a/b",
        "/a/./b/../c, /a/c",
        "/a/%2e%2E/b, /b",
        "/a/.., /",
        "/a/b/.., /a/",
        "/a/b/., /a/b/",
        "//a///b//, /a/b/",
        "/%41%7e, /A~",
        "/%c3%a9, /%C3%A9",
        "/%252F, /%252F",
        "/a;x=1/b;y, /a/b",
        "/a;/..;x/b, /b",
        "/a%20b, /a%20b",
        "/a%2fb/../c, /c",
        "/a%2fb, /a%2Fb"
    })
    void pathsGetOneForm(String raw, String canonical) throws Exception {
        assertThat(CanonicalPath.of(raw)).isEqualTo(canonical);
    }

    @ParameterizedTest
    @ValueSource(strings = {"*", "a", "/..", "/a/../..", "/a%2F..%2fb", "/..%2Fb", "/x#y", "/%", "/%4", "/%zz", "/%00", "/%0d%0a", "/%7f", "/a b"})
    void pathsWithoutAFormAreRefused(String raw) {
        assertThatThrownBy(() -> CanonicalPath.of(raw)).isInstanceOf(BadPathException.class);
    }
}
