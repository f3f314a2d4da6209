package io.openshell.proxy;

import static org.assertj.core.api.Assertions.assertThat;

import io.openshell.model.egress.ReasonCode;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class VerdictLineTest {
    private static Verdict denied(String binary, String reason) {
        return new Verdict(Instant.EPOCH, "sb", false, "NET:OPEN", binary, 7, "h:443", "-", "l4",
                Optional.of(ReasonCode.ENDPOINT_NOT_ALLOWED), reason, "id", 1,
                Circumstances.UNKNOWN);
    }

    @Test
    void denialCarriesItsReason() {
        assertThat(VerdictLine.format(denied("/bin/x", "why")))
                .isEqualTo("NET:OPEN [MED] DENIED /bin/x(7) -> h:443 [policy:- engine:l4] [reason:why]");
    }

    @Test
    void nothingAWorkloadNamesCanBreakTheLine() {
        assertThat(VerdictLine.format(denied("/bin/x\nNET:OPEN [INFO]\u2028\u001b", "a\r\nb")))
                .doesNotContain("\n", "\r", "\u2028", "\u001b").contains("[reason:a??b]");
    }

    @Test
    void longReasonsAreCutBetweenCharacters() {
        var line = VerdictLine.format(denied("/x", "\u20ac".repeat(200)));
        var reason = line.substring(line.indexOf("[reason:") + 8, line.length() - 1);
        assertThat(reason.getBytes(StandardCharsets.UTF_8)).hasSize(255);
        assertThat(reason).doesNotContain("\ufffd");
    }
}
