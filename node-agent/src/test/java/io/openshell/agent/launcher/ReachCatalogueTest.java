package io.openshell.agent.launcher;

import static org.assertj.core.api.Assertions.assertThat;

import io.openshell.agent.isolation.users.Standing;
import io.openshell.agent.launcher.SandboxFixture.Result;
import java.io.BufferedReader;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.ServerSocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Catalogue T29 to T38: what of the network, of other processes and of the host can be reached. */
class ReachCatalogueTest extends CatalogueCase {
    private static final String CONNECT = "socket.create_connection(%s,2).close()";
    private static final String PROXY = CONNECT.formatted("('10.200.0.1',3128)");
    private static final String LOCAL_SERVER = "(lambda s: socket.create_connection(s.getsockname(),2).close())(socket.create_server(('127.0.0.1',0)))";

    @ParameterizedTest
    @EnumSource(Door.class)
    void t29AnOutsideAddressCannotBeConnectedTo(Door door) throws Exception {
        long began = System.nanoTime();
        refused(door, PROXY, CONNECT.formatted("('192.0.2.1',443)"), ENETUNREACH, ECONNREFUSED, EPERM);
        refused(door, LOCAL_SERVER, CONNECT.formatted("('198.51.100.1',80)"), ENETUNREACH, ECONNREFUSED, EPERM);
        assertThat(System.nanoTime() - began).isLessThan(10_000_000_000L);
    }

    @ParameterizedTest
    @EnumSource(Door.class)
    void t30NoDatagramLeavesAndNoNameIsResolved(Door door) throws Exception {
        refused(door, "socket.socket(2,2,17).sendto(b'x',('127.0.0.1',9))",
                "(lambda s: (s.settimeout(5), s.connect(('192.0.2.53',53)), s.send(b'x'), s.recv(9)))(socket.socket(2,2,17))",
                ENETUNREACH, EPERM, ECONNREFUSED);
        List<Integer> names = tried(door, "socket.getaddrinfo('localhost',80)", "socket.getaddrinfo('q7x3.example.com',80)");
        assertThat(names.get(0)).isZero();
        assertThat(names.get(1)).isNotZero();
    }

    @ParameterizedTest
    @EnumSource(Door.class)
    void t31NoAddressOfIpv6LeadsOut(Door door) throws Exception {
        List<Integer> errors = tried(door, "(lambda s: socket.create_connection(s.getsockname()[:2],2).close())(socket.create_server(('::1',0),family=10))",
                CONNECT.formatted("('2001:db8::1',443)"), "socket.socket(10,1).connect(('fe80::1',443,0,1))",
                "(lambda a,b: (a.settimeout(.3), a.bind(('::',0)), b.sendto(b'x',('ff02::1',a.getsockname()[1],0,1)), a.recv(1)))"
                        + "(socket.socket(10,2),socket.socket(10,2))");
        assertThat(errors.getFirst()).isZero();
        assertThat(errors.subList(1, 4)).as("%s", errors).doesNotContain(0);
    }

    @ParameterizedTest
    @EnumSource(Door.class)
    void t32OfTheHostsSideOnlyTheProxyAnswers(Door door) throws Exception {
        int last = door == Door.EXEC ? 65_535 : 4_096;
        Result r = python(door, "open_=[]\nfor p in range(1," + (last + 1) + "):\n  s=socket.socket()\n"
                + "  # a socket may meet itself on a port that is being handed out\n"
                + "  if s.connect_ex(('10.200.0.1',p))==0 and s.getsockname()!=s.getpeername(): open_.append(p)\n  s.close()\nprint(open_)");
        assertThat(r.out().trim()).as("%s", r).isEqualTo("[3128]");
    }

    @ParameterizedTest
    @EnumSource(Door.class)
    void t33NothingDependsOnAFirewallBecauseThereIsOnlyLoopback(Door door) throws Exception {
        Result r = python(door, "print(socket.if_nameindex(), len(read('/proc/net/route').splitlines()))");
        assertThat(r.out().trim()).as("%s", r).isEqualTo("[(1, 'lo')] 1");
    }

    @ParameterizedTest
    @EnumSource(Door.class)
    void t34OnlyTheSandboxsOwnProcessesAreListed(Door door) throws Exception {
        Result r = sh(door, "cat /proc/[0-9]*/comm");
        assertThat(r.out().lines().map(String::trim).toList()).as("%s", r).contains("sh").isSubsetOf(setting.firstProcess(), "sleep", "sh", "cat");
        refused(door, "read('/proc/self/environ')", "read('/proc/1/environ')", EACCES, EPERM);
    }

    @ParameterizedTest
    @EnumSource(Door.class)
    void t35AProcessOfTheSameUserOutsideIsOutOfReach(Door door) throws Exception {
        Assumptions.assumeTrue(Files.isExecutable(Path.of("/usr/bin/setpriv")), "needs setpriv");
        String uid = sh(door, "id -u").out().trim();
        List<String> user = Standing.here().sharesOwnId() ? List.of("/usr/bin/setpriv", "--ambient-caps=-all", "--inh-caps=-all")
                : List.of("/usr/bin/setpriv", "--reuid", uid, "--regid", uid, "--clear-groups");
        Process outside = new ProcessBuilder(Stream.concat(user.stream(), Stream.of("sleep", "60")).toList()).start();
        try {
            long pid = outside.pid();
            refused(door, "os.kill(os.getpid(),0)", "os.kill(" + pid + ",0)", EPERM, ESRCH);
            refused(door, "read('/proc/self/environ')", "read('/proc/" + pid + "/environ')", EACCES, ENOENT);
            refused(door, "read('/proc/self/maps')", "read('/proc/" + pid + "/mem')", EACCES, ENOENT);
            refused(door, "os.getpid()", "call(" + nr("ptrace") + ",16," + pid + ",0,0)", EPERM, ESRCH);
            refused(door, "os.getpid()", "call(" + nr("process_vm_readv") + "," + pid + ",0,0,0,0,0)", EPERM, ESRCH);
            assertThat(outside.isAlive()).isTrue();
        } finally {
            outside.destroyForcibly().waitFor();
        }
    }

    @ParameterizedTest
    @EnumSource(Door.class)
    void t36TheKernelCannotBeChangedOrReadThroughProc(Door door) throws Exception {
        refused(door, "read('/proc/version')", Stream.of("sys/kernel/core_pattern", "sys/vm/drop_caches", "sysrq-trigger")
                .filter(path -> Files.exists(Path.of("/proc", path))).map(path -> "write('/proc/" + path + "','h')").toList(), EACCES, EROFS, EPERM);
        Result r = sh(door, "for f in version kcore kallsyms keys timer_list kmsg; do head -c 1 /proc/$f 2>/dev/null | wc -c; done");
        assertThat(r.out().trim().split("\\s+")).as("%s", r).containsExactly("1", "0", "0", "0", "0", "0");
        List<Integer> errors = tried(door, "os.listdir('/proc')", "os.listdir('/sys')");
        assertThat(errors).as("no /sys at all").element(1).isIn(ENOENT, EACCES);
    }

    @ParameterizedTest
    @EnumSource(Door.class)
    void t37AnAbstractSocketOfTheHostCannotBeConnectedTo(Door door) throws Exception {
        String name = "\\0openshell-t37-" + ProcessHandle.current().pid();
        String listen = "import socket,sys,time\ns=socket.socket(1)\ns.bind('" + name + "')\ns.listen()\nprint('up',flush=True)\ntime.sleep(60)";
        Process outside = new ProcessBuilder("/usr/bin/python3", "-c", listen).start();
        try (BufferedReader out = outside.inputReader()) {
            assertThat(out.readLine()).isEqualTo("up");
            refused(door, "(lambda a,b: (a.bind('\\0own'), a.listen(), b.connect('\\0own')))(socket.socket(1),socket.socket(1))",
                    "socket.socket(1).connect('" + name + "')", EPERM, ECONNREFUSED);
        } finally {
            outside.destroyForcibly().waitFor();
        }
    }

    @ParameterizedTest
    @EnumSource(Door.class)
    void t38ASocketFileOfTheHostIsHidden(Door door) throws Exception {
        Path folder = Files.createTempDirectory("t38");
        try {
            socketIsHidden(this, door, folder);
        } finally {
            Files.delete(folder);
        }
        refused(door, "os.listdir('/usr')", "os.stat('/var/run/docker.sock')", ENOENT, EACCES);
    }

    static void socketIsHidden(CatalogueCase at, Door door, Path folder) throws Exception {
        Path socket = folder.resolve("s");
        try (ServerSocketChannel server = ServerSocketChannel.open(StandardProtocolFamily.UNIX)) {
            server.bind(UnixDomainSocketAddress.of(socket));
            folder.toFile().setExecutable(true, false);
            socket.toFile().setWritable(true, false);
            socket.toFile().setReadable(true, false);
            at.refused(door, "(lambda a,b,p: (os.path.exists(p) and os.unlink(p), a.bind(p), a.listen(), b.connect(p)))"
                    + "(socket.socket(1),socket.socket(1),'/tmp/own')", "socket.socket(1).connect('" + socket + "')", ENOENT, EACCES);
        } finally {
            Files.deleteIfExists(socket);
        }
    }
}
