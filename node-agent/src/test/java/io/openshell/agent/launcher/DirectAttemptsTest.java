package io.openshell.agent.launcher;

import static org.assertj.core.api.Assertions.assertThat;

import io.openshell.agent.identity.CallerResult;
import io.openshell.agent.launcher.SandboxFixture.Result;
import io.openshell.agent.runtime.DirectAttempt;
import io.openshell.agent.runtime.DirectAttempt.Transport;
import io.openshell.agent.runtime.RunningSandbox;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** What programs try without asking the proxy is refused at once and told with the program, and what is local goes on working. */
class DirectAttemptsTest extends CatalogueCase {
    private static final String CONNECT = "socket.create_connection(%s,2).close()";
    private static final String LOCAL = "(lambda s: socket.create_connection(s.getsockname()[:2],2).close())(socket.create_server(%s))";
    private final BlockingQueue<DirectAttempt> told = new LinkedBlockingQueue<>();

    @BeforeAll
    void watch() {
        var absent = box.direct().absent();
        Assumptions.assumeTrue(absent.isEmpty(), () -> "needs nf_tables with queues: " + absent);
        box.direct().watch(told::add);
    }

    private DirectAttempt next() throws InterruptedException {
        DirectAttempt attempt = told.poll(5, TimeUnit.SECONDS);
        assertThat(attempt).as("an attempt was told").isNotNull();
        return attempt;
    }

    private void byPython(DirectAttempt attempt) {
        assertThat(attempt.caller()).isInstanceOf(CallerResult.Found.class);
        CallerResult.Found found = (CallerResult.Found) attempt.caller();
        assertThat(found.executable()).contains("python3");
        assertThat(found.sha256().get(found.executable())).matches("[0-9a-f]{64}");
    }

    @Test
    void aConnectionToAnAddressIsRefusedAtOnceAndToldWithItsProgram() throws Exception {
        long began = System.nanoTime();
        refused(Door.EXEC, LOCAL.formatted("('127.0.0.1',0)"), CONNECT.formatted("('192.0.2.1',443)"), ECONNREFUSED);
        assertThat(System.nanoTime() - began).isLessThan(5_000_000_000L);

        DirectAttempt attempt = next();
        assertThat(attempt.transport()).isEqualTo(Transport.TCP);
        assertThat(attempt.to().getAddress().getHostAddress() + ":" + attempt.to().getPort()).isEqualTo("192.0.2.1:443");
        byPython(attempt);
        assertThat(told).as("what is local is nobody's business").isEmpty();
    }

    @Test
    void soIsOneByIpv6() throws Exception {
        refused(Door.EXEC, LOCAL.formatted("('::1',0),family=10"), CONNECT.formatted("('2001:db8::1',443)"), ECONNREFUSED);

        DirectAttempt attempt = next();
        assertThat(attempt.to().getAddress().getHostAddress()).isEqualTo("2001:db8:0:0:0:0:0:1");
        byPython(attempt);
    }

    @Test
    void aDatagramIsToldAndItsSenderHearsThatNobodyIsThere() throws Exception {
        List<Integer> errors = tried(Door.EXEC, "(lambda a,b: (a.bind(('127.0.0.1',0)), b.sendto(b'x',a.getsockname()), a.recv(1)))"
                + "(socket.socket(2,2),socket.socket(2,2))",
                "(lambda s: (s.settimeout(3), s.connect(('192.0.2.53',53)), s.send(b'x'), s.recv(1)))(socket.socket(2,2))",
                "(lambda s: (s.settimeout(3), s.connect(('2001:db8::53',53)), s.send(b'x'), s.recv(1)))(socket.socket(10,2))");
        assertThat(errors).containsExactly(0, ECONNREFUSED, ECONNREFUSED);

        for (String to : List.of("192.0.2.53", "2001:db8:0:0:0:0:0:53")) {
            DirectAttempt attempt = next();
            assertThat(attempt.transport()).isEqualTo(Transport.UDP);
            assertThat(attempt.to().getAddress().getHostAddress()).isEqualTo(to);
            assertThat(attempt.to().getPort()).isEqualTo(53);
            byPython(attempt);
        }
    }

    @Test
    void aFloodIsRefusedWithoutBeingLookedIntoOneByOne() throws Exception {
        RunningSandbox other = launched(setting.policy(), "flood", "sleep", "600");
        BlockingQueue<DirectAttempt> seen = new LinkedBlockingQueue<>();
        try {
            other.direct().watch(seen::add);
            String all = "import socket\nfor p in range(1,401):\n  try: socket.create_connection(('192.0.2.9',p),2)\n  except ConnectionRefusedError: pass\n";
            Result flood = SandboxFixture.exec(other, false, "python3", "-c", all + "print('refused, all of them')");
            assertThat(flood.out()).as("%s", flood).contains("refused, all of them");
            assertThat(seen).as("looked into").hasSizeBetween(10, 300);

            // what was not looked into is told with the next one that is: attempts go on, elsewhere, until one was
            for (int port = 1; port <= 200 && counted(seen) < 400; port++) {
                SandboxFixture.exec(other, false, "python3", "-c", "import socket\ntry: socket.create_connection(('192.0.2.10',"
                        + port + "),2)\nexcept ConnectionRefusedError: pass\n");
            }
            assertThat(counted(seen)).as("those that were not looked into are counted").isGreaterThanOrEqualTo(400);
        } finally {
            other.stop();
            setting.runtime().purge("flood");
        }
    }

    private static long counted(Iterable<DirectAttempt> told) {
        long all = 0;
        for (DirectAttempt each : told) {
            all += 1 + each.overlooked();
        }
        return all;
    }
}
