package io.openshell.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;

/**
 * The last class of the last module: where {@code OPENSHELL_NO_SKIPS} says that this machine has all that is needed, a test of
 * sandboxes that was skipped, in whatever module, is a failure.
 */
@Order(Integer.MAX_VALUE)
class NothingSkippedIT {
    /** About what a sandbox keeps away, what it survives, and what it is built from. */
    private static final List<String> COUNTED = List.of("SKIPPED node-agent ", "SKIPPED testkit ", "SKIPPED ops io.openshell.ops.kafka.");
    /** What an ordinary user has no means for is no fault of the machine. */
    private static final String BY_NATURE = "ordinary users' sandboxes have no limit of ";

    @Test
    void noTestOfSandboxesWasSkippedWhereNoneMayBe() {
        List<String> skipped = SkippedTests.all().stream()
                .filter(line -> COUNTED.stream().anyMatch(line::startsWith) && !line.contains(BY_NATURE)).toList();
        if (System.getenv().getOrDefault("OPENSHELL_NO_SKIPS", "").equals("1")) {
            assertThat(skipped).as("skipped, though this machine has all that is needed").isEmpty();
        }
    }
}
