package io.openshell.agent.identity;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Programs are trusted as they were when they were first seen. */
final class ExecutableHashesTest {
    private final ExecutableHashes hashes = new ExecutableHashes();
    @TempDir
    Path home;
    private Path claude;

    @BeforeEach
    void aProgramIsSeenForTheFirstTime() throws IOException {
        claude = home.resolve("claude");
        Files.writeString(claude, "one");
        assertThat(hash()).as("first seen").isPresent();
    }

    private Optional<String> hash() throws IOException {
        return hashes.sha256(claude.toString(), claude, () -> Files.readAttributes(claude, "unix:ino,size,lastModifiedTime,ctime").toString());
    }

    @Test
    void case78ATouchedProgramWithTheSameContentIsStillTheSame() throws IOException {
        var before = hash();
        Files.setLastModifiedTime(claude, FileTime.from(Instant.now().plusSeconds(5)));

        assertThat(hash()).isEqualTo(before);
    }

    @Test
    void case78TheSameContentInANewFileIsStillTheSame() throws IOException {
        var before = hash();
        Files.delete(claude);
        Files.writeString(claude, "one");

        assertThat(hash()).isEqualTo(before);
    }

    @Test
    void case79AProgramWithOtherContentIsRefusedAndStaysRefused() throws IOException {
        Files.writeString(claude, "two");

        assertThat(hash()).isEmpty();
        assertThat(hash()).isEmpty();

        Files.writeString(claude, "one");
        assertThat(hash()).as("what was first seen there is believed again").isPresent();
    }

    @Test
    void aProgramThatChangesWhileItIsReadIsNobody() {
        var reads = new AtomicInteger();

        assertThatThrownBy(() -> hashes.sha256("/other", claude, () -> "mark " + reads.incrementAndGet()))
                .isInstanceOf(IOException.class).hasMessageContaining("changed while it was read");
    }
}
