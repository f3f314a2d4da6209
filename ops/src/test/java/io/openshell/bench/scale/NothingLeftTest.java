package io.openshell.bench.scale;

import static org.assertj.core.api.Assertions.assertThat;

import io.openshell.agent.launcher.LinuxSettings;
import io.openshell.model.isolation.LayerReport;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Sandboxes come and go; what they were made of goes with them. The measuring program does the same with a thousand. */
class NothingLeftTest {
    private static final int FIRST_UID = 2_980_000;
    private static final int ROUNDS = 30;
    private static final long LIMIT_NANOS = TimeUnit.SECONDS.toNanos(20);

    @TempDir
    Path home;

    @Test
    void nothingIsLeftOfSandboxesThatWereRemoved() throws Exception {
        try (Boxes boxes = new Boxes(home, FIRST_UID)) {
            List<LayerReport> absent = boxes.preflight().stream().filter(LayerReport.Absent.class::isInstance).toList();
            Assumptions.assumeTrue(absent.isEmpty(), "needs root, namespaces and Landlock: " + absent);
            String groups = new LinuxSettings(home, FIRST_UID, List.of()).groupFamily();
            boxes.each(Boxes.WORKERS, i -> round(boxes, "first-" + i));
            Map<String, Long> before = Leftovers.count(home, groups);
            boxes.start("counted");
            assertThat(Main.more(before, Leftovers.count(home, groups)))
                    .as("what is counted when there is something").containsKeys("processes", "namespaces", "files", "uids", "descriptors");
            boxes.end("counted");
            boxes.each(ROUNDS, i -> round(boxes, "round-" + i));
            Map<String, Long> more = Main.more(before, Leftovers.count(home, groups));
            for (long end = System.nanoTime() + LIMIT_NANOS; !more.isEmpty() && System.nanoTime() < end; ) {
                TimeUnit.MILLISECONDS.sleep(50);
                more = Main.more(before, Leftovers.count(home, groups));
            }
            assertThat(more).isEmpty();
        }
    }

    private static void round(Boxes boxes, String id) {
        boxes.start(id);
        boxes.end(id);
    }
}
