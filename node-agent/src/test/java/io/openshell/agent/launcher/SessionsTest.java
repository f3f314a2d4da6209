package io.openshell.agent.launcher;

import static org.assertj.core.api.Assertions.assertThat;

import io.openshell.agent.isolation.users.Standing;
import io.openshell.agent.launcher.SandboxFixture.Result;
import io.openshell.agent.runtime.RunningSandbox;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What the main process and the programs run beside it can do to each other, and that it ends at the sandbox. */
class SessionsTest extends CatalogueCase {
    private static final String MAIN = """
            pids=[int(p) for p in os.listdir('/proc') if p.isdigit()]
            main=[p for p in pids if p!=1 and read('/proc/%d/comm'%p).strip()=='sleep'][0]
            """;

    @ParameterizedTest
    @EnumSource(value = Door.class, names = {"EXEC", "TERMINAL"})
    void anotherSessionIsSeenAndSignalledButNotRead(Door door) throws Exception {
        String other = MAIN + """
                import subprocess
                own=subprocess.Popen(['sleep','5'])
                for p in (own.pid, main):
                  print(tried(lambda: os.kill(p,0)), tried(lambda: read('/proc/%d/environ'%p)), tried(lambda: read('/proc/%d/status'%p)))
                own.kill()
                """;
        Result r = python(door, other);
        assertThat(r.out().trim().lines().map(String::trim)).as("%s", r).containsExactly("0 0 0", "0 " + EACCES + " 0");
    }

    @Test
    void aProgramRunBesideItEndsTheMainProcess() throws Exception {
        for (boolean tty : new boolean[] {false, true}) {
            String id = "signalled-" + tty;
            RunningSandbox own = launched(setting.policy(), id, "sh", "-c", "trap 'exit 7' TERM; : > /tmp/up; while :; do sleep 0.05; done");
            try {
                Result r = SandboxFixture.exec(own, tty, "sh", "-c",
                        "until [ -e /tmp/up ]; do sleep 0.05; done; for p in /proc/[0-9]*; do read -r n < $p/comm; [ ${p#/proc/} != 1 ] && [ $n = sh ] && [ ${p#/proc/} != $$ ] && kill ${p#/proc/}; done; exit 0");
                assertThat(r.code()).as("%s", r).isZero();
                assertThat(own.main().exit().toCompletableFuture().get(10, TimeUnit.SECONDS)).isEqualTo(7);
            } finally {
                own.stop();
                setting.runtime().purge(id);
            }
        }
    }

    @Test
    void sessionsReachEachOthersAbstractSockets() throws Exception {
        String id = "sockets";
        RunningSandbox own = launched(setting.policy(), id, "python3", "-c",
                "import socket; s=socket.socket(1); s.bind('\\0between'); s.listen(); c=s.accept()[0]; c.send(b'heard')");
        try {
            Result r = SandboxFixture.exec(own, false, "python3", "-c", """
                    import socket,time
                    s=socket.socket(1)
                    for i in range(200):
                      try: s.connect('\\0between'); break
                      except ConnectionRefusedError: time.sleep(0.05)
                    print(s.recv(9).decode())
                    """);
            assertThat(r.out().trim()).as("%s", r).isEqualTo("heard");
        } finally {
            own.stop();
            setting.runtime().purge(id);
        }
    }

    /** By number, by handle, by the owner of a descriptor, and to everybody at once. */
    @ParameterizedTest
    @EnumSource(Door.class)
    void noSignalLeavesTheSandboxAndNoneEndsItsFirstProcess(Door door) throws Exception {
        Assumptions.assumeTrue(Files.isExecutable(Path.of("/usr/bin/setpriv")), "needs setpriv");
        String uid = sh(door, "id -u").out().trim();
        List<String> user = Standing.here().sharesOwnId() ? List.of("/usr/bin/setpriv", "--ambient-caps=-all", "--inh-caps=-all")
                : List.of("/usr/bin/setpriv", "--reuid", uid, "--regid", uid, "--clear-groups");
        Process outside = new ProcessBuilder(Stream.concat(user.stream(), Stream.of("sleep", "60")).toList()).start();
        String id = "everybody-" + door;
        RunningSandbox other = launched(setting.policy(), id, "sleep", "60");
        try {
            long pid = outside.pid();
            refused(door, "os.kill(os.getpid(),0)", "os.kill(" + pid + ",0)", ESRCH);
            refused(door, "os.close(os.pidfd_open(os.getpid()))", "os.pidfd_open(" + pid + ")", ESRCH);
            String own = "__import__('fcntl').fcntl(0," + 8 + ",";
            refused(door, own + "os.getpid())", own + pid + ")", ESRCH);
            List<Integer> first = tried(door, "os.kill(os.getpid(),0)", "os.kill(1,9)", "os.stat('/proc/1')");
            assertThat(first.get(0)).isZero();
            assertThat(first.get(1)).as("not allowed, or without effect").isIn(0, EPERM);
            assertThat(first.get(2)).isZero();
            assertThat(SandboxFixture.exec(other, false, "sh", "-c", "kill -9 -1; echo never").code()).isNotNull();
            assertThat(other.main().exit().toCompletableFuture().get(10, TimeUnit.SECONDS)).as("everybody inside").isEqualTo(137);
            assertThat(other.lost()).as("its first process").isEmpty();
            assertThat(outside.isAlive()).isTrue();
            assertThat(box.main().exit().toCompletableFuture()).as("another sandbox").isNotDone();
        } finally {
            other.stop();
            setting.runtime().purge(id);
            outside.destroyForcibly().waitFor();
        }
    }
}
