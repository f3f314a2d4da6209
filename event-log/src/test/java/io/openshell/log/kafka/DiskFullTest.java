package io.openshell.log.kafka;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DiskFullTest {

    @TempDir
    Path folder;

    private boolean mounted;

    @BeforeEach
    void makeASmallDisk() throws Exception {
        mounted = new ProcessBuilder("mount", "-t", "tmpfs", "-o", "size=96m", "small", folder.toString())
                .redirectErrorStream(true).redirectOutput(ProcessBuilder.Redirect.DISCARD).start().waitFor() == 0;
        Assumptions.assumeTrue(mounted, "needs root: a small file system cannot be mounted");
    }

    @AfterEach
    void removeIt() throws Exception {
        if (mounted) {
            new ProcessBuilder("umount", "-l", folder.toString()).start().waitFor();
        }
    }

    @Test
    void aDiskThatFillsEndsTheProcessWithOneLineAndLeavesALogThatStartsAgain() throws Exception {
        Process writer = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(), "-Xmx128m",
                        "-XX:TieredStopAtLevel=1", "-cp", System.getProperty("java.class.path"),
                        DiskFiller.class.getName(), folder.resolve("log").toString())
                .redirectErrorStream(true)
                .start();
        List<String> lines = writer.inputReader().lines().toList();

        assertThat(writer.waitFor(60, TimeUnit.SECONDS)).isTrue();
        assertThat(writer.exitValue()).isNotZero();
        assertThat(lines).filteredOn(line -> line.startsWith("error: ")).singleElement().asString()
                .contains("disk", "is full", "start it again");
        // Whoever frees space gets everything that was acknowledged.
        long acknowledged = lines.stream().filter(line -> line.startsWith("acknowledged ")).count();
        assertThat(new ProcessBuilder("mount", "-o", "remount,size=512m", folder.toString()).start().waitFor()).isZero();
        try (EmbeddedBroker broker = EmbeddedBroker.start(folder.resolve("log"))) {
            long kept = EventsTopic.of(broker.settings()).ends().values().stream().mapToLong(Long::longValue).sum();
            assertThat(kept).isGreaterThanOrEqualTo(acknowledged).isPositive();
        }
    }
}
