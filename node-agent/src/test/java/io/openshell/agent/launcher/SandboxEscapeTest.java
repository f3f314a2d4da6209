package io.openshell.agent.launcher;

import static org.assertj.core.api.Assertions.assertThat;

import io.openshell.agent.launcher.SandboxFixture.Result;
import io.openshell.agent.runtime.RunningSandbox;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class SandboxEscapeTest {
    private static final int EPERM = 1;
    private SandboxFixture fixture;
    private RunningSandbox box;

    @BeforeEach
    void start() throws Exception {
        fixture = new SandboxFixture();
        SandboxFixture.assumeKernel(fixture.runtime);
        box = fixture.launch("escape", List.of("sleep", "300"), false);
    }

    @AfterEach
    void stop() throws Exception {
        if (box != null) {
            box.stop();
        }
        fixture.close();
    }

    private Result sh(String script) throws Exception {
        Result plain = SandboxFixture.exec(box, false, "sh", "-c", script);
        Result terminal = SandboxFixture.exec(box, true, "sh", "-c", script);
        assertThat(terminal.code()).as("with a terminal: %s", terminal).isEqualTo(plain.code());
        return plain;
    }

    private Result py(String script) throws Exception {
        Assumptions.assumeTrue(Files.exists(Path.of("/usr/bin/python3")), "needs python3 in /usr/bin");
        return SandboxFixture.exec(box, false, "/usr/bin/python3", "-c", "import os,ctypes,socket,sys\nc=ctypes.CDLL(None,use_errno=True)\n"
                + "def call(*a):\n  r=c.syscall(*a); print(r, ctypes.get_errno())\n" + script);
    }

    private void denied(String script) throws Exception {
        Result r = sh(script);
        assertThat(r.code()).as("%s -> %s", script, r).isNotZero();
    }

    @Test
    void allowedPathsWork() throws Exception {
        String fx = fixture.fx.toString();
        Result r = sh("cat " + fx + "/ro/f && echo x >> " + fx + "/rw/f && echo x > /sandbox/a && echo x > /tmp/b && mv " + fx + "/rw/f " + fx
                + "/rw2/g && mv " + fx + "/rw2/g " + fx + "/rw/f && cp /bin/true " + fx + "/rw/t && " + fx + "/rw/t && rm " + fx + "/rw/t");
        assertThat(r.code()).as("%s", r).isZero();
    }

    @Test
    void filesOutsideThePolicyAreOutOfReach() throws Exception {
        String fx = fixture.fx.toString();
        denied("cat " + fx + "/secret/f");
        denied("ln -sf " + fx + "/secret/f " + fx + "/rw/s; cat " + fx + "/rw/s");
        denied("cat /proc/self/root" + fx + "/secret/f");
        denied("cat /proc/1/root" + fx + "/secret/f");
        denied("cat /etc/shadow");
        denied("ls /root");
    }

    @Test
    void readOnlyFilesStayAsTheyAre() throws Exception {
        String fx = fixture.fx.toString();
        denied("echo x >> " + fx + "/ro/f");
        assertThat(py("os.truncate('" + fx + "/ro/f',0)").code()).isNotZero();
        denied("chmod 777 " + fx + "/ro/f");
        denied("touch " + fx + "/ro/f");
        denied("ln " + fx + "/ro/f " + fx + "/rw/h && echo x >> " + fx + "/rw/h");
        denied("echo x > /usr/bin/new || echo x > /etc/new");
        assertThat(fixture.fx.resolve("ro/f")).hasContent("ro");
    }

    @Test
    void theProcessHasNoPrivilege() throws Exception {
        Result r = sh("grep -E '^(Cap(Inh|Prm|Eff|Bnd|Amb)|NoNewPrivs|Seccomp|Groups):' /proc/self/status");
        assertThat(r.out().replaceAll("\\s+", " ")).contains("CapInh: 0000000000000000", "CapBnd: 0000000000000000", "CapEff: 0000000000000000",
                "CapPrm: 0000000000000000", "CapAmb: 0000000000000000", "NoNewPrivs: 1", "Seccomp: 2");
        assertThat(py("os.setuid(0)").code()).isNotZero();
    }

    @Test
    void namespacesAndMountsAreRefused() throws Exception {
        assertThat(py("call(272,0x10000000)\ncall(272,0x40000000)\ncall(56,0x10000000|17,0,0,0,0)\ncall(435,0,0)\n"
                + "call(165,b'tmpfs',b'/tmp',b'tmpfs',0,0)").out().lines())
                .containsExactly("-1 1", "-1 1", "-1 1", "-1 38", "-1 1");
    }

    @Test
    void riskyKernelInterfacesAreRefused() throws Exception {
        assertThat(py("call(425,1,0)\ncall(323,0)\ncall(323,1)\ncall(248,b'user',b'k',b'v',1,-3)\ncall(250,0,-3,0)\ncall(101,16,1,0,0)").out().lines())
                .containsExactly("-1 38", "-1 1", "-1 1", "-1 1", "-1 1", "-1 1");
    }

    @Test
    void onlyPlainSocketFamiliesExist() throws Exception {
        Result allowed = py("socket.socket(2,1,0).close()\nsocket.socket(10,2,17).close()\nsocket.socket(1,1,0).close()\nsocket.socket(16,3,0).close()\nprint('ok')");
        assertThat(allowed.out()).as("%s", allowed).isEqualTo("ok\n");
        Result denied = py("for a in ((17,3,0),(40,1,0),(38,5,0),(16,3,15),(2,3,1),(2,2,136),(2,1,262)):\n"
                + "  try:\n    socket.socket(*a); print('made')\n  except OSError as e: print(e.errno)");
        assertThat(denied.out().lines()).containsExactly("97", "97", "97", "1", "1", "93", "93");
    }

    @Test
    void nothingOutsideCanBeReached() throws Exception {
        Result r = py("s=socket.socket()\ns.settimeout(2)\ntry:\n  s.connect(('192.0.2.1',443)); print('connected')\nexcept OSError as e: print(e.errno)\n"
                + "print(socket.if_nameindex())");
        assertThat(r.out().lines().toList()).as("%s", r).contains("101", "[(1, 'lo')]");
    }

    @Test
    void onlyTheSandboxsOwnProcessesAreListed() throws Exception {
        Result r = SandboxFixture.exec(box, false, "sh", "-c", "cat /proc/[0-9]*/comm");
        assertThat(r.out().lines().toList()).as("%s", r).contains("sleep").isSubsetOf("sleep", "sh", "cat");
        denied("echo x > /proc/sys/kernel/core_pattern");
        denied("echo h > /proc/sysrq-trigger");
        assertThat(SandboxFixture.exec(box, false, "sh", "-c", "head -c 1 /proc/kcore | wc -c").out().trim()).isEqualTo("0");
    }

    @Test
    void theEnvironmentIsBuiltFromNothing() throws Exception {
        Result r = sh("env");
        assertThat(r.out()).contains("HOME=/sandbox", "OPENSHELL_SANDBOX=1", "OPENSHELL_SANDBOX_ID=escape", "HTTPS_PROXY=http://10.200.0.1:3128", "USER_VAR=1")
                .doesNotContain("JAVA_HOME", "MAVEN");
        assertThat(sh("id -un; id -G; pwd; hostname").out()).isEqualTo("sandbox\n" + box.evidence().get("Gid").split(" ")[0] + "\n/sandbox\nbox\n");
    }

    @Test
    void onlyTheStandardStreamsAreInherited() throws Exception {
        assertThat(SandboxFixture.exec(box, false, "ls", "/proc/self/fd").out().lines()).containsExactly("0", "1", "2", "3");
        assertThat(SandboxFixture.exec(box, true, "ls", "/proc/self/fd").out().split("\\s+")).containsExactly("0", "1", "2", "3");
    }

    @Test
    void limitsHoldInTheWorkload() throws Exception {
        assertThat(SandboxFixture.exec(box, false, "sh", "-c", "ulimit -c; ulimit -Hn; cat /proc/self/limits | grep processes").out().replaceAll(" +", " "))
                .startsWith("0\n4096\nMax processes 4096 4096");
    }

    @Test
    void exitCodesAndSignalsAreReported() throws Exception {
        assertThat(sh("exit 7").code()).isEqualTo(7);
        assertThat(sh("kill -9 $$").code()).isEqualTo(137);
    }

    @Test
    void typingIntoATerminalIsRefused() throws Exception {
        Result r = SandboxFixture.exec(box, true, "/usr/bin/python3", "-c",
                "import fcntl,termios\ntry:\n  fcntl.ioctl(0,termios.TIOCSTI,b'x'); print('typed')\nexcept OSError as e: print('errno',e.errno)");
        assertThat(r.out().trim()).isIn("errno " + EPERM, "errno 5");
    }

    @Test
    void callsOfTheOldArchitectureKillTheProcess() throws Exception {
        Assumptions.assumeTrue(System.getProperty("os.arch").equals("amd64"), "needs x86-64");
        Result r = py("import mmap\nm=mmap.mmap(-1,4096,prot=7)\nm.write(b'\\xb8\\x14\\x00\\x00\\x00\\xcd\\x80\\xc3')\n"
                + "ctypes.CFUNCTYPE(ctypes.c_int)(ctypes.addressof(ctypes.c_char.from_buffer(m)))()\nprint('survived')");
        assertThat(r.code()).as("%s", r).isEqualTo(159);
    }

    @Test
    void ordinaryProgramsWork() throws Exception {
        Result r = py("import threading,subprocess,multiprocessing\nts=[threading.Thread(target=lambda:None) for _ in range(20)]\n[t.start() for t in ts];[t.join() for t in ts]\n"
                + "print(subprocess.check_output(['echo','hi']).decode().strip())\na,b=os.openpty()\nm=multiprocessing.Lock()\n"
                + "s=socket.create_server(('127.0.0.1',0));k=socket.create_connection(s.getsockname());print('loop')");
        assertThat(r.out()).as("%s", r).isEqualTo("hi\nloop\n");
    }
}
