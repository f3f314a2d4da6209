package io.openshell.agent.report;

import static org.assertj.core.api.Assertions.assertThat;

import io.openshell.model.egress.Caller;
import io.openshell.model.egress.ReasonCode;
import io.openshell.proxy.Circumstances;
import io.openshell.proxy.Verdict;
import java.net.InetAddress;
import java.time.Instant;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class VerdictFieldsTest {

    private static Map<String, String> fields(Circumstances about) {
        return VerdictFields.of(new Verdict(Instant.EPOCH, "s1", false, "HTTP:GET", "/usr/bin/curl", 12, "t", "-", "l4",
                Optional.of(ReasonCode.ENDPOINT_NOT_ALLOWED), "no", "d-1", 7, about));
    }

    @Test
    void everyPartOfTheRequestHasItsField() {
        Caller caller = new Caller("/usr/bin/curl", List.of("/bin/bash", "/bin/sh"), List.of("/x"));
        Circumstances about = new Circumstances("h", 443, "GET", "/a", "q=1", Optional.of(caller),
                Map.of("/usr/bin/curl", "ab".repeat(32)), List.of(InetAddress.getLoopbackAddress()));
        assertThat(fields(about)).containsEntry("decision", "denied").containsEntry("decision_id", "d-1")
                .containsEntry("policy_generation", "7").containsEntry("reason_code", "ENDPOINT_NOT_ALLOWED")
                .containsEntry("host", "h").containsEntry("port", "443").containsEntry("method", "GET").containsEntry("path", "/a")
                .containsEntry("binary", "/usr/bin/curl").containsEntry("ancestors", "/bin/bash\n/bin/sh")
                .containsEntry("sha256", "ab".repeat(32)).containsEntry("addresses", "127.0.0.1").doesNotContainKey("policy");
    }

    @Test
    void whatIsNotKnownHasNoField() {
        assertThat(fields(Circumstances.UNKNOWN)).doesNotContainKeys("host", "port", "method", "path", "binary", "addresses");
    }

    @Test
    void sizesAreBoundedAndALineBreakMakesNoElement() {
        Caller caller = new Caller("/" + "x".repeat(5_000), Collections.nCopies(100, "/a\n/usr/bin/curl"), List.of());
        Map<String, String> fields =
                fields(new Circumstances("h", 1, "", "", "", Optional.of(caller), Map.of(), List.of()));
        assertThat(fields.get("binary")).hasSize(1_027).endsWith("...");
        assertThat(fields.get("ancestors").lines()).hasSize(17).endsWith("...").doesNotContain("/usr/bin/curl");
    }
}
