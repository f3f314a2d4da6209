package io.openshell.agent.isolation.seccomp;

import static org.assertj.core.api.Assertions.assertThat;

import io.openshell.agent.isolation.seccomp.FilterEntry.Action;
import io.openshell.agent.linux.SyscallTable;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class SeccompCompilerTest {
    private static final long EPERM = SeccompCompiler.ERRNO | 1;
    private static final long ENOSYS = SeccompCompiler.ERRNO | 38;
    private static final long EAFNOSUPPORT = SeccompCompiler.ERRNO | 97;
    private static final long EPROTONOSUPPORT = SeccompCompiler.ERRNO | 93;
    private static final String MUST_BE_REFUSED = """
            ptrace process_vm_readv process_vm_writev kcmp pidfd_getfd process_madvise bpf perf_event_open userfaultfd add_key request_key
            keyctl init_module finit_module delete_module kexec_load kexec_file_load reboot mount umount2 pivot_root chroot setns fsopen
            fsconfig fsmount fspick move_mount open_tree open_tree_attr mount_setattr name_to_handle_at open_by_handle_at swapon swapoff acct
            quotactl quotactl_fd syslog settimeofday clock_settime clock_adjtime adjtimex sethostname setdomainname iopl ioperm modify_ldt
            vhangup fanotify_init lookup_dcookie migrate_pages move_pages""";
    private static final String MUST_BE_ALLOWED = """
            read write openat execve execveat clone wait4 mmap mprotect munmap brk futex rseq memfd_create pidfd_open pidfd_send_signal
            getrandom prctl seccomp landlock_restrict_self socket connect accept4 bind listen sendmsg recvmsg epoll_pwait ppoll clock_gettime
            clock_nanosleep timer_create inotify_add_watch statx renameat2 copy_file_range membarrier sched_getaffinity setitimer
            rt_sigaction rt_sigreturn set_robust_list close_range faccessat2 openat2 futex_waitv""";

    static List<SyscallTable> tables() {
        return List.of(SyscallTable.X86_64, SyscallTable.ARM64);
    }

    /** The kernel's machine: one accumulator, forward jumps. */
    private static long run(List<Instruction> program, long arch, long number, long... args) {
        long a = 0;
        for (int pc = 0; pc < program.size(); pc++) {
            Instruction i = program.get(pc);
            switch (i.code()) {
                case 0x20 -> a = word((int) i.operand(), arch, number, args);
                case 0x54 -> a &= i.operand();
                case 0x06 -> {
                    return i.operand();
                }
                case 0x05 -> pc += (int) i.operand();
                case 0x15 -> pc += a == i.operand() ? i.jumpTrue() : i.jumpFalse();
                case 0x35 -> pc += Long.compareUnsigned(a, i.operand()) >= 0 ? i.jumpTrue() : i.jumpFalse();
                default -> throw new AssertionError("unknown instruction " + i);
            }
        }
        throw new AssertionError("ran off the end");
    }

    private static long word(int offset, long arch, long number, long[] args) {
        if (offset < 16) {
            return offset == 0 ? number & 0xffffffffL : arch;
        }
        int index = (offset - 16) / 8;
        return index < args.length ? args[index] & 0xffffffffL : 0;
    }

    private static long call(SyscallTable t, String name, long... args) {
        return run(SeccompCompiler.compile(t), t.auditArch(), t.number(name), args);
    }

    /** What the entries say, read without the compiler. */
    private static long meaning(String call, long... args) {
        for (FilterEntry entry : SeccompPolicy.entries()) {
            boolean all = entry.call().equals(call)
                    && entry.when().stream().allMatch(test -> test.holds(test.argument() < args.length ? args[test.argument()] : 0));
            if (all) {
                return switch (entry.action()) {
                    case Action.Allow a -> SeccompCompiler.ALLOW;
                    case Action.Refuse r -> SeccompCompiler.ERRNO | r.errno();
                };
            }
        }
        return ENOSYS;
    }

    @ParameterizedTest
    @MethodSource("tables")
    void theProgramSaysWhatTheEntriesSayForEveryCallAndManyArguments(SyscallTable t) {
        List<Instruction> program = SeccompCompiler.compile(t);
        Random random = new Random(42);
        long[] interesting = {0, 1, 2, 3, 6, 8, 10, 16, 17, 40, 136, 262, 0x80001, 0x80003, 0x2000, 0x21a4, 0x6000, 0x8000, 0x5412, 0x541C, 0x5413,
            0x20000, 0x20008, 0x40000, 0x10000000, 0x10000011, 0x7E020080L, 0xffffffffL, 1L << 40, 0x1_0000_5412L};
        for (Map.Entry<String, Integer> one : t.numbers().entrySet()) {
            for (int i = 0; i < 200; i++) {
                long[] args = new long[6];
                for (int k = 0; k < args.length; k++) {
                    args[k] = interesting[random.nextInt(interesting.length)];
                }
                assertThat(run(program, t.auditArch(), one.getValue(), args)).as("%s %s", one.getKey(), args).isEqualTo(meaning(one.getKey(), args));
            }
        }
    }

    @ParameterizedTest
    @MethodSource("tables")
    void numbersWithoutAnEntryDoNotExist(SyscallTable t) {
        List<Instruction> program = SeccompCompiler.compile(t);
        TreeSet<Integer> listed = new TreeSet<>();
        SeccompPolicy.entries().forEach(entry -> t.find(entry.call()).ifPresent(listed::add));
        for (int number = 0; number < 2048; number++) {
            if (!listed.contains(number)) {
                assertThat(run(program, t.auditArch(), number)).as("number %d", number).isEqualTo(ENOSYS);
            }
        }
        for (long number : new long[] {0x40000000L, 0x40000000L + 59, 0x40000000L + 520, 0x7fffffffL, 0x80000000L, 0xffffffffL}) {
            assertThat(run(program, t.auditArch(), number)).as("number %x", number).isEqualTo(ENOSYS);
        }
    }

    @ParameterizedTest
    @MethodSource("tables")
    void anotherArchitectureEndsTheProcess(SyscallTable t) {
        List<Instruction> program = SeccompCompiler.compile(t);
        for (long arch : new long[] {0x40000003L, 0x40000028L, 0, t == SyscallTable.ARM64 ? 0xC000003EL : 0xC00000B7L}) {
            assertThat(run(program, arch, 20)).isEqualTo(SeccompCompiler.KILL_PROCESS);
        }
    }

    @ParameterizedTest
    @MethodSource("tables")
    void dangerousCallsAreRefusedWhateverTheirArguments(SyscallTable t) {
        for (String name : MUST_BE_REFUSED.split("\\s+")) {
            if (t.find(name).isPresent()) {
                assertThat(call(t, name)).as(name).isEqualTo(EPERM);
                assertThat(call(t, name, -1, -1, -1, -1, -1, -1)).as(name).isEqualTo(EPERM);
            }
        }
        for (String name : List.of("clone3", "io_uring_setup", "io_uring_enter", "io_uring_register")) {
            assertThat(call(t, name)).as(name).isEqualTo(ENOSYS);
        }
    }

    @ParameterizedTest
    @MethodSource("tables")
    void whatProgramsNeedIsAllowed(SyscallTable t) {
        for (String name : MUST_BE_ALLOWED.split("\\s+")) {
            assertThat(call(t, name, 1, 1, 0)).as(name).isEqualTo(SeccompCompiler.ALLOW);
        }
        assertThat(call(t, "clone", 17)).isEqualTo(SeccompCompiler.ALLOW);
        assertThat(call(t, "unshare", 0x200)).isEqualTo(SeccompCompiler.ALLOW);
        assertThat(call(t, "ioctl", 0, 0x5413)).isEqualTo(SeccompCompiler.ALLOW);
        assertThat(call(t, "personality", 0xffffffffL)).isEqualTo(SeccompCompiler.ALLOW);
        assertThat(call(t, "mknodat", 0, 0, 0x8000 | 0644)).isEqualTo(SeccompCompiler.ALLOW);
    }

    @ParameterizedTest
    @MethodSource("tables")
    void everyFlagThatMakesANamespaceIsRefused(SyscallTable t) {
        for (long flag : new long[] {0x80, 0x20000, 0x2000000, 0x4000000, 0x8000000, 0x10000000, 0x20000000, 0x40000000}) {
            assertThat(call(t, "unshare", flag)).as("unshare %x", flag).isEqualTo(EPERM);
            assertThat(call(t, "clone", flag | 17)).as("clone %x", flag).isEqualTo(EPERM);
        }
    }

    @ParameterizedTest
    @MethodSource("tables")
    void socketsAreLimitedToPlainOnes(SyscallTable t) {
        assertThat(call(t, "socket", 1, 1, 0)).isEqualTo(SeccompCompiler.ALLOW);
        assertThat(call(t, "socket", 2, 1 | 0x80000, 6)).isEqualTo(SeccompCompiler.ALLOW);
        assertThat(call(t, "socket", 10, 2, 17)).isEqualTo(SeccompCompiler.ALLOW);
        assertThat(call(t, "socket", 16, 3, 0)).isEqualTo(SeccompCompiler.ALLOW);
        assertThat(call(t, "socketpair", 1, 1, 0)).isEqualTo(SeccompCompiler.ALLOW);
        assertThat(call(t, "socket", 16, 3, 15)).isEqualTo(EPERM);
        assertThat(call(t, "socket", 2, 3 | 0x80000, 0)).isEqualTo(EPERM);
        assertThat(call(t, "socket", 2, 1, 262)).isEqualTo(EPROTONOSUPPORT);
        assertThat(call(t, "socket", 10, 2, 136)).isEqualTo(EPROTONOSUPPORT);
        for (long family : new long[] {0, 3, 17, 29, 30, 38, 40, 44, 1 << 31}) {
            assertThat(call(t, "socket", family, 1, 0)).as("family %d", family).isEqualTo(EAFNOSUPPORT);
        }
        assertThat(call(t, "socketpair", 30, 1, 0)).isEqualTo(EAFNOSUPPORT);
    }

    @ParameterizedTest
    @MethodSource("tables")
    void deviceNodesTypingAndOddPersonalitiesAreRefused(SyscallTable t) {
        assertThat(call(t, "mknodat", 0, 0, 0x2000)).isEqualTo(EPERM);
        assertThat(call(t, "mknodat", 0, 0, 0x6000 | 0600)).isEqualTo(EPERM);
        assertThat(call(t, "ioctl", 0, 0x5412 | 1L << 40)).isEqualTo(EPERM);
        assertThat(call(t, "ioctl", 0, 0x541C)).isEqualTo(EPERM);
        assertThat(call(t, "personality", 0x40000)).isEqualTo(EPERM);
    }

    @Test
    void everyEntryHasAReasonAndACallThatExists() {
        for (FilterEntry entry : SeccompPolicy.entries()) {
            assertThat(entry.reason()).as(entry.call()).isNotBlank();
            assertThat(tables().stream().anyMatch(t -> t.find(entry.call()).isPresent())).as(entry.call()).isTrue();
        }
    }

    @Test
    void noEntryIsHiddenByAnEarlierOne() {
        TreeSet<String> decided = new TreeSet<>();
        for (FilterEntry entry : SeccompPolicy.entries()) {
            assertThat(decided).doesNotContain(entry.call());
            if (entry.when().isEmpty()) {
                decided.add(entry.call());
            }
        }
    }

    @ParameterizedTest
    @MethodSource("tables")
    void theProgramFitsTheKernelsLimitAndEveryJumpStaysInside(SyscallTable t) {
        List<Instruction> program = SeccompCompiler.compile(t);
        assertThat(program).hasSizeLessThan(4096);
        for (int pc = 0; pc < program.size(); pc++) {
            Instruction i = program.get(pc);
            long farthest = i.code() == 0x05 ? i.operand() : Math.max(i.jumpTrue(), i.jumpFalse());
            assertThat(i.code() == 0x06 || pc + 1 + farthest < program.size()).as("%d %s", pc, i).isTrue();
            assertThat(i.jumpTrue()).isBetween(0, 255);
            assertThat(i.jumpFalse()).isBetween(0, 255);
        }
        assertThat(program.getLast().code()).isEqualTo(0x06);
    }
}
