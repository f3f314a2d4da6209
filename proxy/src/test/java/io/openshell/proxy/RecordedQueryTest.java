package io.openshell.proxy;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RecordedQueryTest {
    @ParameterizedTest
    @CsvSource({
        "?tag=foo-1&page=2, tag=foo-1&page=2", "?q=a+b%20c&flag, q=a+b%20c&flag", "'', ''", "?, ''",
        "?access_token=abc&x=1, access_token=[REDACTED]&x=1", "?X-Amz-Signature=f00&y=2, X-Amz-Signature=[REDACTED]&y=2",
        "?%74oken=abc, %74oken=[REDACTED]", "?q=openshell:resolve:env:KEY, q=[CREDENTIAL]"})
    void valuesThatCouldBeSecretAreLeftOut(String query, String recorded) {
        assertThat(RecordedQuery.of(query)).isEqualTo(recorded);
    }

    @Test
    void longAndManyValuesAreLeftOut() {
        assertThat(RecordedQuery.of("?q=" + "a".repeat(41))).isEqualTo("q=[REDACTED]");
        assertThat(RecordedQuery.of("?" + "a=1&".repeat(100))).endsWith("&...").hasSizeLessThan(200);
    }
}
