package io.openshell.agent.launcher;

import static org.assertj.core.api.Assertions.assertThat;

import io.openshell.agent.identity.CallerLookup;
import io.openshell.agent.identity.CallerResult;
import io.openshell.agent.runtime.OutputListener;
import io.openshell.agent.runtime.RunningSandbox;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Who is said to have opened a connection, whatever was said of the connections before. */
class CallersTest {
    private static final InetSocketAddress PROXY = new InetSocketAddress("127.0.0.1", 4000);
    private static final String SCRIPT = """
            import os, socket, subprocess, sys
            server = socket.create_server(('127.0.0.1', 4000), backlog=1024)
            kept = {}
            def connect(port):
                kept[port] = socket.create_connection(('127.0.0.1', 4000), source_address=('127.0.0.1', port))
            def lend(port, *program):
                return subprocess.Popen(program, stdin=subprocess.PIPE, pass_fds=[kept[port].fileno()])
            def await_program(process, name):
                while not os.readlink(f'/proc/{process.pid}/exe').endswith(name):
                    pass
            def end(process):
                process.stdin.close()
                process.wait()
            print('done', flush=True)
            for line in sys.stdin:
                exec(line)
                print('done', flush=True)
            """;

    private SandboxFixture fixture;
    private RunningSandbox box;
    private final Semaphore done = new Semaphore(0);

    @BeforeEach
    void start() throws Exception {
        fixture = new SandboxFixture();
        SandboxFixture.assumeKernel(fixture.runtime);
        box = fixture.launch("callers", List.of("/usr/bin/python3", "-c", SCRIPT), false);
        box.main().attach(new OutputListener() {
            @Override
            public void onOutput(OutputListener.Stream stream, byte[] data) {
                done.release((int) new String(data, StandardCharsets.UTF_8).lines().filter("done"::equals).count());
            }

            @Override
            public void onEnd() {}
        });
        awaitDone();
    }

    @AfterEach
    void stop() throws Exception {
        if (box != null) {
            box.stop();
        }
        fixture.close();
    }

    private void inside(String line) throws Exception {
        byte[] bytes = (line + "\n").getBytes(StandardCharsets.UTF_8);
        box.main().writeInput(bytes, 0, bytes.length);
        awaitDone();
    }

    private void awaitDone() throws InterruptedException {
        assertThat(done.tryAcquire(20, TimeUnit.SECONDS)).as("the program inside did what it was told").isTrue();
    }

    private static CallerResult owner(CallerLookup callers, int port) {
        return callers.find(new InetSocketAddress("127.0.0.1", port), PROXY);
    }

    private CallerResult owner(int port) {
        return owner(box.callers(), port);
    }

    private static void isProgram(CallerResult found, String program) throws Exception {
        String exe = Path.of(program).toRealPath().toString();
        assertThat(found).isInstanceOfSatisfying(CallerResult.Found.class, f -> {
            assertThat(f.executable()).isEqualTo(exe);
            assertThat(f.sha256().get(exe)).hasSize(64);
        });
    }

    @Test
    void theOwnerOfAConnectionIsNamed() throws Exception {
        inside("connect(4001)");

        isProgram(owner(4001), "/usr/bin/python3");
        assertThat(((CallerResult.Found) owner(4001)).ancestors()).isEmpty();
        assertThat(owner(4002)).as("no such connection").isInstanceOf(CallerResult.Unknown.class);
    }

    @Test
    void programsSharingAConnectionAreAmbiguousAlsoWhereItsOwnerWasNamedBefore() throws Exception {
        inside("connect(4001)");
        isProgram(owner(4001), "/usr/bin/python3");
        inside("other = lend(4001, 'cat')");

        assertThat(owner(4001)).isInstanceOf(CallerResult.Ambiguous.class);

        inside("end(other)");
        isProgram(owner(4001), "/usr/bin/python3");
    }

    @Test
    void aConnectionThatWasGivenAwayBelongsToItsHolder() throws Exception {
        inside("connect(4001)");
        isProgram(owner(4001), "/usr/bin/python3");
        inside("other = lend(4001, 'cat'); kept.pop(4001).close()");

        isProgram(owner(4001), "/usr/bin/cat");

        inside("end(other)");
        assertThat(owner(4001)).as("nobody has it any more").isInstanceOf(CallerResult.Unknown.class);
    }

    @Test
    void aNumberUsedAgainSaysNothingOfTheConnectionBefore() throws Exception {
        inside("connect(4001)");
        isProgram(owner(4001), "/usr/bin/python3");
        inside("n = kept[4001].fileno(); other = lend(4001, 'cat'); kept.pop(4001).close(); connect(4002); assert kept[4002].fileno() == n");

        isProgram(owner(4001), "/usr/bin/cat");
        isProgram(owner(4002), "/usr/bin/python3");
        inside("end(other)");
    }

    @Test
    void aProgramThatBecomesAnotherIsNamedAsWhatItIs() throws Exception {
        inside("connect(4001)");
        isProgram(owner(4001), "/usr/bin/python3");
        inside("other = lend(4001, '/bin/sh', '-c', 'read x; exec cat'); kept.pop(4001).close()");
        isProgram(owner(4001), "/bin/sh");
        inside("other.stdin.write(b'x\\n'); other.stdin.flush(); await_program(other, '/cat')");

        isProgram(owner(4001), "/usr/bin/cat");
        inside("end(other)");
    }

    @Test
    void connectionsOfAProgramThatHoldsHundredsAreFoundWithoutSearchingThemAll() throws Exception {
        inside("for port in range(5000, 5600): connect(port)");
        inside("other = subprocess.Popen(['/usr/bin/python3', '-c', 'import socket; s = [socket.socket() for i in range(600)];"
                + " print(1, flush=True); input()'], stdin=subprocess.PIPE, stdout=subprocess.PIPE); other.stdout.readline()");
        isProgram(owner(5599), "/usr/bin/python3");
        isProgram(owner(5599), "/usr/bin/python3");
        inside("connect(5600)");

        Optional<CallerResult> soon = box.callers().findSoon(new InetSocketAddress("127.0.0.1", 5600), PROXY);

        assertThat(soon).as("within a bounded number of looks").isPresent();
        isProgram(soon.get(), "/usr/bin/python3");
        inside("end(other)");
    }

    @Test
    void aProgramWithManyFilesWhoseOwnFileIsGoneMattersOnlyWhereItHoldsTheConnection() throws Exception {
        inside("import shutil; shutil.copy('/bin/bash', '/tmp/copy'); os.chmod('/tmp/copy', 0o755); connect(4001); connect(4002)");
        inside("other = subprocess.Popen(['/tmp/copy', '-c', 'for i in {20..80}; do eval \"exec $i</dev/null\"; done; echo; read x'],"
                + " stdin=subprocess.PIPE, stdout=subprocess.PIPE, pass_fds=[kept[4002].fileno()]); other.stdout.readline()");
        inside("os.unlink('/tmp/copy')");

        isProgram(owner(4001), "/usr/bin/python3");
        assertThat(owner(4002)).isInstanceOf(CallerResult.Unknown.class);
        inside("end(other)");
        isProgram(owner(4002), "/usr/bin/python3");
    }
}
