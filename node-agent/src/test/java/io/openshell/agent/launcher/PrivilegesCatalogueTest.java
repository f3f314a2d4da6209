package io.openshell.agent.launcher;

import static org.assertj.core.api.Assertions.assertThat;

import io.openshell.agent.isolation.users.Standing;
import io.openshell.agent.launcher.SandboxFixture.Result;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Catalogue T13 to T28: what a process may ask of the kernel. */
class PrivilegesCatalogueTest extends CatalogueCase {

    @ParameterizedTest
    @EnumSource(Door.class)
    void t13NoCapabilityIsLeft(Door door) throws Exception {
        Result r = sh(door, "grep -E '^Cap(Inh|Prm|Eff|Bnd|Amb)' /proc/self/status");
        assertThat(r.out().lines().map(line -> line.replaceAll(".*\\s", ""))).as("%s", r).hasSize(5).containsOnly("0000000000000000");
    }

    @ParameterizedTest
    @EnumSource(Door.class)
    void t14NoNewPrivilegesAndAFilter(Door door) throws Exception {
        Result r = sh(door, "grep -E '^(NoNewPrivs|Seccomp):' /proc/self/status");
        assertThat(r.out().replaceAll("[^0-9]+", " ").trim()).as("%s", r).isEqualTo("1 2");
    }

    @ParameterizedTest
    @EnumSource(Door.class)
    void t15OnlyTheSandboxsOwnGroup(Door door) throws Exception {
        Result r = sh(door, "id -u; id -G");
        String[] lines = r.out().trim().split("\\s+");
        assertThat(lines).as("%s", r).hasSize(2);
        assertThat(lines[1]).isEqualTo(lines[0]);
        Standing standing = Standing.here();
        assertThat(Integer.parseInt(lines[0])).isGreaterThanOrEqualTo(
                standing.sharesOwnId() ? standing.ownUid() : standing.inUserNamespace() ? standing.firstUid() : 2_100_000);
    }

    @ParameterizedTest
    @EnumSource(Door.class)
    void t16RootCannotBeRegained(Door door) throws Exception {
        refused(door, "os.setuid(os.getuid())", "os.setuid(0)", Standing.here().inUserNamespace() ? EINVAL : EPERM); // there is no user 0 in it
        String copy = setting.setUserIdProgram();
        Result r = sh(door, "id -u; " + copy + " -u");
        String[] ids = r.out().trim().split("\\s+");
        assertThat(ids).as("%s", r).hasSize(2);
        assertThat(ids[1]).isEqualTo(ids[0]).isNotEqualTo("0");
    }

    @ParameterizedTest
    @EnumSource(Door.class)
    void t17NoNewNamespaces(Door door) throws Exception {
        refused(door, "call(" + nr("unshare") + ",0x200)",
                Stream.of("0x10000000", "0x40000000", "0x20000", "0x20000000", "0x8000000", "0x4000000", "0x2000000", "0x80")
                        .map(flag -> "call(" + nr("unshare") + "," + flag + ")").toList(), EPERM);
        assertThat(sh(door, "unshare -U true").code()).isNotZero();
    }

    @ParameterizedTest
    @EnumSource(Door.class)
    void t18NoCloneIntoANewNamespace(Door door) throws Exception {
        String clone = "call(" + nr("clone") + ",0x10000000|17,0,0,0,0)";
        refused(door, "os.waitpid(os.posix_spawn('/bin/true',['true'],{}),0)", clone, EPERM);
    }

    @ParameterizedTest
    @EnumSource(Door.class)
    void t19Clone3DoesNotExist(Door door) throws Exception {
        refused(door, "os.getpid()", List.of("call(" + nr("clone3") + ",0,0)",
                "call(" + nr("clone3") + ",ctypes.create_string_buffer(bytes([0,0,0,0x10])+bytes(84)),88)"), ENOSYS);
    }

    @ParameterizedTest
    @EnumSource(Door.class)
    void t20NothingCanBeMounted(Door door) throws Exception {
        refused(door, "os.listdir('/tmp')", List.of("call(" + nr("mount") + ",b'tmpfs',b'/tmp',b'tmpfs',0,0)",
                "call(" + nr("umount2") + ",b'/proc',2)", "call(" + nr("fsopen") + ",b'tmpfs',0)"), EPERM);
    }

    @ParameterizedTest
    @EnumSource(Door.class)
    void t21IoUringDoesNotExist(Door door) throws Exception {
        refused(door, "os.getpid()", Stream.of("io_uring_setup", "io_uring_enter", "io_uring_register")
                .map(call -> "call(" + nr(call) + ",1,ctypes.create_string_buffer(120),0,0,0)").toList(), ENOSYS, EPERM);
    }

    @ParameterizedTest
    @EnumSource(Door.class)
    void t22UserfaultfdIsRefusedInBothForms(Door door) throws Exception {
        refused(door, "os.getpid()", List.of("call(" + nr("userfaultfd") + ",0)", "call(" + nr("userfaultfd") + ",1)"), EPERM, ENOSYS);
    }

    @ParameterizedTest
    @EnumSource(Door.class)
    void t23KeyringsAreRefused(Door door) throws Exception {
        refused(door, "os.getpid()", List.of("call(" + nr("add_key") + ",b'user',b'k',b'v',1,-3)", "call(" + nr("keyctl") + ",0,-3,0)",
                "call(" + nr("request_key") + ",b'user',b'k',0,-3)"), EPERM, ENOSYS);
    }

    @ParameterizedTest
    @EnumSource(Door.class)
    void t24ACallOfThe32BitArchitectureEndsTheProcess(Door door) throws Exception {
        Assumptions.assumeTrue(System.getProperty("os.arch").equals("amd64"), "needs x86-64");
        String setUp = "import mmap\nm=mmap.mmap(-1,4096,prot=7)\nm.write(b'%s')\nf=ctypes.CFUNCTYPE(ctypes.c_int)"
                + "(ctypes.addressof(ctypes.c_char.from_buffer(m)))\n";
        String native64 = "\\xb8\\x27\\x00\\x00\\x00\\x0f\\x05\\xc3";
        String old32 = "\\xb8\\x14\\x00\\x00\\x00\\xcd\\x80\\xc3";
        Result control = python(door, setUp.formatted(native64) + "print('alive' if f()==os.getpid() else 'odd')");
        assertThat(control.out().trim()).as("%s", control).isEqualTo("alive");
        assertThat(python(door, setUp.formatted(old32) + "f()\nprint('survived')").code()).isEqualTo(159);
    }

    @ParameterizedTest
    @EnumSource(Door.class)
    void t25NobodyTypesIntoATerminal(Door door) throws Exception {
        String open = "__import__('fcntl').ioctl(os.openpty()[1],__import__('termios')";
        refused(door, open + ".TIOCGWINSZ,bytes(8))", open + ".TIOCSTI,b'x')", EPERM, EIO);
        refused(door, open + ".TIOCGWINSZ,bytes(8))", open + ".TIOCSTI+10,b'x')", EPERM);
        if (door == Door.TERMINAL) {
            refused(door, "__import__('fcntl').ioctl(0,__import__('termios').TIOCGWINSZ,bytes(8))",
                    "__import__('fcntl').ioctl(0,__import__('termios').TIOCSTI,b'x')", EPERM, EIO);
        }
    }

    @ParameterizedTest
    @EnumSource(Door.class)
    void t26OtherSocketFamiliesDoNotExist(Door door) throws Exception {
        refused(door, "socket.socket(2,1,0).close()", Stream.of("17,3", "40,1", "38,5", "30,1", "44,3")
                .map(family -> "socket.socket(" + family + ",0)").toList(), EPERM, EAFNOSUPPORT);
    }

    @ParameterizedTest
    @EnumSource(Door.class)
    void t27OnlyTcpAndUdpOfTheInternetFamilies(Door door) throws Exception {
        refused(door, "socket.socket(2,2,17).close()", Stream.of("2,2,136", "2,1,262", "2,5,132", "10,2,136", "2,2,1")
                .map(protocol -> "socket.socket(" + protocol + ")").toList(), EPROTONOSUPPORT);
        refused(door, "socket.socket(10,1,6).close()", "socket.socket(2,3,1)", EPERM);
    }

    @ParameterizedTest
    @EnumSource(Door.class)
    void t28OfNetlinkOnlyRoutes(Door door) throws Exception {
        refused(door, "socket.socket(16,3,0).close()", "socket.socket(16,3,15)", EPERM);
        refused(door, "socket.if_nameindex()", "socket.socket(16,3,12)", EPERM);
    }
}
