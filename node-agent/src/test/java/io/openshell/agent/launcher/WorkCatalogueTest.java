package io.openshell.agent.launcher;

import static org.assertj.core.api.Assertions.assertThat;

import io.openshell.agent.isolation.limits.ResourceLimits;
import io.openshell.agent.isolation.users.Standing;
import io.openshell.agent.launcher.SandboxFixture.Result;
import io.openshell.agent.runtime.ExecRequest;
import io.openshell.agent.runtime.OutputListener;
import io.openshell.agent.runtime.ProcessSession;
import io.openshell.agent.runtime.RunningSandbox;
import io.openshell.model.isolation.LayerKind;
import io.openshell.model.isolation.LayerReport;
import io.openshell.model.sandbox.Shares;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Catalogue T39 to T45: limits, what a process inherits, and that ordinary programs work. */
class WorkCatalogueTest extends CatalogueCase {

    @Test
    void t39ForkingWithoutEndStopsAtTheLimitAndHarmsNobodyElse() throws Exception {
        RunningSandbox neighbour = launched(setting.policy(), "neighbour", "sleep", "100");
        try {
            Result r = SandboxFixture.exec(box, false, "/usr/bin/python3", "-S", "-E", "-c", """
                    import os,signal
                    pids=[]
                    error=0
                    while True:
                      try: p=os.fork()
                      except OSError as e:
                        error=e.errno
                        break
                      if p==0:
                        signal.pause()
                        os._exit(0)
                      pids.append(p)
                    for p in pids: os.kill(p,9)
                    for p in pids: os.waitpid(p,0)
                    print(len(pids),error)""");
            String[] seen = r.out().trim().split(" ");
            assertThat(seen).as("%s", r).hasSize(2);
            assertThat(Integer.parseInt(seen[0])).isBetween(10, (int) ResourceLimits.PROCESSES);
            assertThat(Integer.parseInt(seen[1])).isEqualTo(EAGAIN);
            assertThat(SandboxFixture.exec(neighbour, false, "true").code()).isZero();
            assertThat(SandboxFixture.exec(box, false, "true").code()).isZero();
        } finally {
            neighbour.stop();
        }
    }

    @ParameterizedTest
    @EnumSource(value = Door.class, names = {"MAIN", "EXEC"})
    void t40MoreMemoryThanItsShareEndsTheProgramInsideAndIsTold(Door door) throws Exception {
        Assumptions.assumeFalse(Standing.here().inUserNamespace(), "ordinary users' sandboxes have no limit of memory");
        LayerReport shares = setting.runtime().preflight().stream().filter(l -> l.kind() == LayerKind.RESOURCES).findFirst().orElseThrow();
        Assumptions.assumeTrue(shares instanceof LayerReport.Enforced, "needs writable control groups: " + shares);
        String[] take = {"/usr/bin/python3", "-c", "import sys\nb=bytearray(%d)\nprint('taken',len(b))"};
        String[] little = {take[0], take[1], take[2].formatted(16 << 20)};
        String[] much = {take[0], take[1], take[2].formatted(192 << 20)};
        RunningSandbox own = launched(setting.policy(), "memory-" + door, new Shares(0, 96L << 20, 0, 0), door == Door.MAIN ? much : new String[] {"sleep", "100"});
        try {
            assertThat(SandboxFixture.exec(own, false, little).out()).startsWith("taken");
            Result r = SandboxFixture.collect(door == Door.MAIN ? own.main() : own.exec(
                    new ExecRequest(List.of(much), "", Map.of(), false, 80, 24)));
            assertThat(r.code()).as("%s", r).isEqualTo(137);
            assertThat(own.limitHits()).anyMatch(hit -> hit.limit().equals("memory"));
            assertThat(SandboxFixture.exec(box, false, "true").code()).isZero();
        } finally {
            own.stop();
        }
    }

    /** The one direction that no load of the machine can feign: that much work in less time would need more than the share. */
    @ParameterizedTest
    @EnumSource(value = Door.class, names = {"MAIN", "EXEC"})
    void t40MoreProcessorTimeThanItsShareIsNotToBeHad(Door door) throws Exception {
        Assumptions.assumeFalse(Standing.here().inUserNamespace(), "ordinary users' sandboxes have no limit of processor time");
        LayerReport shares = setting.runtime().preflight().stream().filter(l -> l.kind() == LayerKind.RESOURCES).findFirst().orElseThrow();
        Assumptions.assumeTrue(shares instanceof LayerReport.Enforced, "needs writable control groups: " + shares);
        String[] work = {"/usr/bin/python3", "-c", "import time\nw=time.monotonic()\nwhile time.process_time()<.4: pass\nprint(time.monotonic()-w)"};
        assertThat(box.evidence().values()).as("without a share").doesNotContain("20000", "20000 100000");
        RunningSandbox own = launched(setting.policy(), "processor-" + door, new Shares(200, 0, 0, 0), door == Door.MAIN ? work : new String[] {"sleep", "100"});
        try {
            Result r = SandboxFixture.collect(door == Door.MAIN ? own.main() : own.exec(new ExecRequest(List.of(work), "", Map.of(), false, 80, 24)));
            assertThat(Double.parseDouble(r.out())).as("seconds for 0.4 seconds' work").isGreaterThan(1);
            assertThat(own.evidence().values()).containsAnyOf("20000", "20000 100000");
            assertThat(own.layers()).filteredOn(l -> l.kind() == LayerKind.RESOURCES).singleElement().asString().contains("0.2 processors");
        } finally {
            own.stop();
        }
    }

    @ParameterizedTest
    @EnumSource(Door.class)
    void t41TheEnvironmentIsBuiltFromNothing(Door door) throws Exception {
        Result r = sh(door, "env");
        assertThat(r.out()).contains("PATH=", "HOME=/sandbox", "TERM=", "OPENSHELL_SANDBOX=1", "HTTPS_PROXY=http://10.200.0.1:3128", "USER_VAR=1")
                .doesNotContain("JAVA_HOME", "MAVEN", "XDG_", "SUDO", "TOKEN", "OPENSHELL_GATEWAY");
        assertThat(sh(door, "id -un; pwd; hostname").out().trim().split("\\s+")).containsExactly("sandbox", "/sandbox", "box");
    }

    @ParameterizedTest
    @EnumSource(Door.class)
    void t42OnlyTheStandardStreamsAreInherited(Door door) throws Exception {
        assertThat(run(door, "ls", "/proc/self/fd").out().trim().split("\\s+")).containsExactly("0", "1", "2", "3");
        assertThat(sh(door, "ulimit -c; ulimit -Hn; ulimit -Sn").out().trim().split("\\s+")).containsExactly("0", "4096", "1024");
    }

    @ParameterizedTest
    @EnumSource(Door.class)
    void t43OrdinaryProgramsWork(Door door) throws Exception {
        Result r = python(door, """
                import threading,subprocess,multiprocessing
                ts=[threading.Thread(target=lambda:None) for _ in range(20)]
                [t.start() for t in ts];[t.join() for t in ts]
                print(subprocess.check_output(['echo','hi']).decode().strip())
                q=multiprocessing.get_context('fork').Queue()
                p=multiprocessing.get_context('fork').Process(target=lambda: q.put('child'))
                p.start();print(q.get());p.join()
                a,b=socket.socketpair();a.send(b'pair');print(b.recv(9).decode())
                s=socket.create_server(('127.0.0.1',0));k=socket.create_connection(s.getsockname());print('loop')
                print(socket.if_nameindex()[0][1])
                fd=os.memfd_create('m');os.write(fd,b'x');print('memfd')
                """);
        assertThat(r.out().trim().split("\\s+")).as("%s", r).containsExactly("hi", "child", "pair", "loop", "lo", "memfd");
    }

    @ParameterizedTest
    @EnumSource(Door.class)
    void t43GitWorks(Door door) throws Exception {
        Assumptions.assumeTrue(setting.has("/usr/bin/git"), "needs git in /usr/bin");
        Result r = sh(door, "rm -rf /sandbox/g && git init -q /sandbox/g && cd /sandbox/g && echo a > a && git add a"
                + " && git -c user.name=n -c user.email=e@x commit -q -m m && git log --oneline | wc -l");
        assertThat(r.out().trim()).as("%s", r).isEqualTo("1");
    }

    @ParameterizedTest
    @EnumSource(Door.class)
    void t44ProgramsMakeTerminals(Door door) throws Exception {
        Result r = python(door, "a,b=os.openpty()\nprint(os.ttyname(b)[:9], os.path.exists('/dev/ptmx'))");
        assertThat(r.out().trim()).as("%s", r).isEqualTo("/dev/pts/ True");
        Assumptions.assumeTrue(setting.has("/usr/bin/script"), "needs script in /usr/bin");
        Result script = sh(door, "script -qec 'echo hi' /dev/null");
        assertThat(script.out()).as("%s", script).contains("hi");
    }

    @Test
    void t44ATerminalIsResizedWhileItRuns() throws Exception {
        ProcessSession session = box.exec(new ExecRequest(List.of("sh", "-c", "stty size; read x; stty size"), "", Map.of(), true, 80, 24));
        StringBuffer all = new StringBuffer();
        CompletableFuture<Void> first = new CompletableFuture<>();
        session.attach(new OutputListener() {
            @Override
            public void onOutput(Stream stream, byte[] data) {
                all.append(new String(data, StandardCharsets.UTF_8));
                if (all.indexOf("24 80") >= 0) {
                    first.complete(null);
                }
            }

            @Override
            public void onEnd() {}
        });
        first.get(10, TimeUnit.SECONDS);
        session.resize(132, 50);
        session.writeInput("x\n".getBytes(StandardCharsets.UTF_8), 0, 2);
        assertThat(session.exit().toCompletableFuture().get(10, TimeUnit.SECONDS)).isZero();
        assertThat(all.toString()).contains("50 132");
    }

    @ParameterizedTest
    @EnumSource(Door.class)
    void t45EndsAreReportedAsTheyWere(Door door) throws Exception {
        assertThat(sh(door, "exit 7").code()).isEqualTo(7);
        assertThat(sh(door, "exit 0").code()).isZero();
        assertThat(sh(door, "kill -9 $$").code()).isEqualTo(137);
    }

    @Test
    void t45NothingOutlivesItsSandbox() throws Exception {
        RunningSandbox daemons = launched(setting.policy(), "daemons", "sleep", "100");
        Map<String, String> own = daemons.evidence();
        assertThat(SandboxFixture.exec(daemons, false, "sh", "-c", "setsid sleep 100 > /dev/null 2>&1 &").code()).isZero();
        assertThat(SandboxFixture.processesOf(own)).isGreaterThanOrEqualTo(2);
        daemons.stop();
        assertThat(SandboxFixture.processesOf(own)).isZero();
    }
}
