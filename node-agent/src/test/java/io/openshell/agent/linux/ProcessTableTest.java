package io.openshell.agent.linux;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** The process list, compared with what Java itself says of this process. */
final class ProcessTableTest {
    private static final int SELF = (int) ProcessHandle.current().pid();

    @Test
    void thisProcessIsListedWithItsProgramParentAndWords() throws IOException {
        try (var table = new ProcessTable("/proc")) {
            assertThat(table.pids()).contains(SELF).doesNotHaveDuplicates();
            assertThat(table.executable(SELF)).isEqualTo(Files.readSymbolicLink(Path.of("/proc/self/exe")).toString());
            assertThat(table.parent(SELF)).isEqualTo((int) ProcessHandle.current().parent().orElseThrow().pid());
            assertThat(table.commandLine(SELF)).contains("\0");
        }
    }

    @Test
    void onlyTheProcessWithTheSocketHoldsIt() throws IOException {
        try (var socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress()); var table = new ProcessTable("/proc")) {
            long inode = inodes(socket.getLocalPort());

            int descriptor = table.descriptor(SELF, inode);
            assertThat(descriptor).isPositive();
            assertThat(table.holds(SELF, descriptor, inode)).isTrue();
            assertThat(table.holds(SELF, descriptor, inode / 10)).as("a number it begins with").isFalse();
            assertThat(table.descriptor(SELF, inode / 10)).isNegative();
            assertThat(table.descriptor((int) ProcessHandle.current().parent().orElseThrow().pid(), inode)).isNegative();
            assertThat(table.looked()).isPositive();
        }
    }

    private static long inodes(int port) throws IOException {
        var wanted = ":%04X ".formatted(port);
        for (var file : new String[] {"/proc/net/tcp", "/proc/net/tcp6"}) {
            for (var line : Files.readAllLines(Path.of(file))) {
                var fields = line.trim().split(" +");
                if ((fields[1] + " ").endsWith(wanted) && fields[3].equals("0A")) {
                    return Long.parseLong(fields[9]);
                }
            }
        }
        throw new AssertionError("no listener at port " + port);
    }

    @Test
    void aChangedProgramHasAnotherMark() throws Exception {
        var program = Files.createTempFile("sleeper", "");
        Files.copy(Path.of("/bin/sleep"), program, java.nio.file.StandardCopyOption.REPLACE_EXISTING);
        program.toFile().setExecutable(true);
        var process = new ProcessBuilder(program.toString(), "30").start();
        try (var table = new ProcessTable("/proc")) {
            int pid = (int) process.pid();
            var before = table.mark(pid);
            assertThat(table.mark(pid)).isEqualTo(before);
            program.toFile().setLastModified(1_000_000);

            assertThat(table.mark(pid)).isNotEqualTo(before);
        } finally {
            process.destroyForcibly();
            process.waitFor(5, TimeUnit.SECONDS);
            Files.delete(program);
        }
    }

    @Test
    void aProcessThatEndedHoldsNothingAndHasNoProgram() {
        try (var table = new ProcessTable("/proc")) {
            assertThat(table.descriptor(Integer.MAX_VALUE, 1)).isNegative();
            assertThat(table.holds(Integer.MAX_VALUE, 3, 1)).isFalse();
            assertThatThrownBy(() -> table.executable(Integer.MAX_VALUE)).isInstanceOf(KernelException.class);
        }
    }
}
