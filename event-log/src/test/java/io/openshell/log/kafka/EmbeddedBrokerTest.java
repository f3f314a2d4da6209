package io.openshell.log.kafka;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.openshell.log.LogUnavailable;
import io.openshell.log.Position;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class EmbeddedBrokerTest {
    private static final Duration DEADLINE = Duration.ofSeconds(10);

    @TempDir
    Path directory;

    @Test
    void restartKeepsRecordsAndPortsAndClosesInTime() throws Exception {
        Position before;
        int port;
        try (EmbeddedBroker first = EmbeddedBroker.start(directory)) {
            port = first.clientPort();
            assertThat(new Topics(first.settings(), DEADLINE).ensure()).isEmpty();
            before = append(first, "sandbox/w/a", "one");
        }
        long started = System.nanoTime();
        EmbeddedBroker second = EmbeddedBroker.start(directory);
        long up = System.nanoTime();
        try (second) {
            assertThat(second.clientPort()).isEqualTo(port);
            assertThat(new Topics(second.settings(), DEADLINE).ensure()).isEmpty();
            assertThat(append(second, "sandbox/w/a", "two")).isEqualTo(new Position(before.partition(), before.offset() + 1));
            assertThat(new KafkaStreamReader(second.settings(), 10).read(Topics.COMMANDS, "sandbox/w/a", DEADLINE))
                    .extracting(r -> new String(r.value()))
                    .containsExactly("one", "two");
        }
        System.out.printf("broker restart %d ms, with use and close %d ms%n", (up - started) / 1_000_000, (System.nanoTime() - up) / 1_000_000);
    }

    @Test
    void anotherUserOfTheMachineCannotReadOrWriteTheLog() throws Exception {
        try (EmbeddedBroker broker = EmbeddedBroker.start(directory)) {
            Topics own = new Topics(broker.settings(), Duration.ofSeconds(20));
            assertThat(own.ensure()).isEmpty();
            KafkaSettings stranger = KafkaSettings.open(broker.settings().bootstrap(), (short) 1);
            assertThatThrownBy(() -> new Topics(stranger, Duration.ofSeconds(3)).ensure()).isInstanceOf(LogUnavailable.class);
            assertThat(Files.getPosixFilePermissions(directory.resolve("broker.secret")))
                    .isEqualTo(PosixFilePermissions.fromString("rw-------"));
            assertThat(broker.settings().toString()).doesNotContain(Files.readString(directory.resolve("broker.secret")));
        }
    }

    @Test
    void restartPicksOtherPortsWhenTheRememberedOneIsTaken() throws Exception {
        int port;
        try (EmbeddedBroker first = EmbeddedBroker.start(directory)) {
            port = first.clientPort();
            new Topics(first.settings(), DEADLINE).ensure();
            append(first, "sandbox/w/a", "one");
        }
        try (ServerSocket taken = occupy(port); EmbeddedBroker second = EmbeddedBroker.start(directory)) {
            assertThat(taken.isBound()).isTrue();
            assertThat(second.clientPort()).isNotEqualTo(port);
            assertThat(append(second, "sandbox/w/a", "two").offset()).isEqualTo(1);
        }
    }

    @Test
    void directoryHeldByABrokerOfThisProcessIsRefused() throws Exception {
        try (EmbeddedBroker holder = EmbeddedBroker.start(directory)) {
            assertThat(holder.clientPort()).isPositive();
            var failure = catchThrowableOfType(BrokerStartFailed.class, () -> EmbeddedBroker.start(directory));
            assertThat(failure.reason()).isEqualTo(BrokerStartFailed.Reason.DIRECTORY_IN_USE);
            assertThat(failure).hasMessageContaining(directory.toString()).hasMessageContaining("this process");
            assertThatCode(() -> append(holder, "sandbox/w/a", "x")).isInstanceOf(io.openshell.log.LogUnavailable.class);
        }
    }

    @Test
    void directoryHeldByAnotherProcessIsRefusedAndFreedByItsDeath() throws Exception {
        Process other = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-cp", System.getProperty("java.class.path"), LockHolder.class.getName(), directory.toString())
                .start();
        try {
            assertThat(other.inputReader().readLine()).isEqualTo("held");
            var failure = catchThrowableOfType(BrokerStartFailed.class, () -> EmbeddedBroker.start(directory));
            assertThat(failure.reason()).isEqualTo(BrokerStartFailed.Reason.DIRECTORY_IN_USE);
            assertThat(failure).hasMessageContaining("process " + other.pid());
        } finally {
            other.destroyForcibly();
        }
        assertThat(other.waitFor(5, TimeUnit.SECONDS)).isTrue();
        DirectoryLock.take(directory).close();
    }

    @Test
    void givenPortInUseIsRefusedWithTheDirectoryLeftFree() throws Exception {
        try (ServerSocket taken = occupy(0)) {
            var failure = catchThrowableOfType(
                    BrokerStartFailed.class, () -> EmbeddedBroker.start(directory, taken.getLocalPort(), 0));
            assertThat(failure.reason()).isEqualTo(BrokerStartFailed.Reason.PORT_IN_USE);
            assertThat(failure).hasMessageContaining(Integer.toString(taken.getLocalPort()));
        }
        DirectoryLock.take(directory).close();
    }

    @Test
    void aFileInPlaceOfTheDirectoryIsRefused() throws Exception {
        Path file = Files.writeString(directory.resolve("file"), "");
        var failure = catchThrowableOfType(BrokerStartFailed.class, () -> EmbeddedBroker.start(file));
        assertThat(failure.reason()).isEqualTo(BrokerStartFailed.Reason.DIRECTORY_UNUSABLE);
    }

    @Test
    void aFullDiskIsRefused() throws Exception {
        Process mount = new ProcessBuilder("mount", "-t", "tmpfs", "-o", "size=8m", "tmpfs", directory.toString()).start();
        Assumptions.assumeTrue(mount.waitFor() == 0, "needs root: mounting a small file system");
        try {
            var failure = catchThrowableOfType(BrokerStartFailed.class, () -> EmbeddedBroker.start(directory));
            assertThat(failure.reason()).isEqualTo(BrokerStartFailed.Reason.DISK_FULL);
            assertThat(failure).hasMessageContaining("MiB left");
        } finally {
            assertThat(new ProcessBuilder("umount", directory.toString()).start().waitFor()).isZero();
        }
    }

    private static ServerSocket occupy(int port) throws Exception {
        ServerSocket socket = new ServerSocket();
        socket.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
        return socket;
    }

    private static Position append(EmbeddedBroker broker, String stream, String text) throws Exception {
        try (KafkaCommandLog log = KafkaCommandLog.open(broker.settings(), 10, Duration.ofSeconds(2))) {
            return log.append(stream, text.getBytes()).toCompletableFuture().get(10, TimeUnit.SECONDS);
        }
    }
}
