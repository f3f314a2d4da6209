package io.openshell.agent.docker;

import static org.assertj.core.api.Assertions.assertThat;

import io.openshell.agent.runtime.LaunchOutcome;
import io.openshell.model.sandbox.Shares;
import java.net.URI;
import java.nio.file.Files;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class AbsentEngineTest {
    @Test
    void withoutAnEngineASandboxFromAnImageFailsAtOnceAndSaysSo() throws Exception {
        try (DockerFixture fixture = new DockerFixture(URI.create("unix:///nonexistent/docker.sock"))) {
            org.junit.jupiter.api.Assumptions.assumeTrue(
                    fixture.linux.preflight().stream().noneMatch(io.openshell.model.isolation.LayerReport.Absent.class::isInstance),
                    "needs root, namespaces and Landlock");
            long before = System.nanoTime();
            assertThat(fixture.outcome("a", "local/tools:1", Shares.USUAL, "true"))
                    .isInstanceOfSatisfying(LaunchOutcome.Failed.class, f -> {
                        assertThat(f.code()).isEqualTo("ENGINE_UNAVAILABLE");
                        assertThat(f.message()).contains("unix:///nonexistent/docker.sock");
                    });
            assertThat(System.nanoTime() - before).isLessThan(TimeUnit.SECONDS.toNanos(5));
            assertThat(fixture.runtime.offers()).containsExactly("linux");
            fixture.runtime.purge("a");
        }
    }

    @Test
    void aSharedLibraryIsNeededByTheShellButNotByAStaticProgram() throws Exception {
        assertThat(ContainerInit.needsNoLibraries(java.nio.file.Path.of("/bin/sh"))).isFalse();
        var text = Files.createTempFile("openshell", ".txt");
        try {
            Files.writeString(text, "no program");
            assertThat(ContainerInit.needsNoLibraries(text)).isFalse();
        } finally {
            Files.delete(text);
        }
    }

    @Test
    void theSandboxsUserComesFirstAndTheImagesStay() {
        String own = "root:x:0:0:root:/:/bin/false\nsandbox:x:5:5:sandbox:/sandbox:/bin/sh\n";
        assertThat(AccountFile.merged(own, "root:x:0:0::/root:/bin/sh\nsandbox:x:1:1::/:/bin/sh\nnode:x:1000:1000::/:/bin/sh\n"))
                .isEqualTo("sandbox:x:5:5:sandbox:/sandbox:/bin/sh\nroot:x:0:0::/root:/bin/sh\nnode:x:1000:1000::/:/bin/sh\n");
        assertThat(AccountFile.merged(own, "")).isEqualTo(own);
    }
}
