package io.openshell.agent.isolation.seccomp;

import static org.assertj.core.api.Assertions.assertThat;

import io.openshell.agent.linux.SyscallTable;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class SeccompCompilerTest {
    private static final long EPERM = SeccompCompiler.ERRNO | 1;
    private static final long ENOSYS = SeccompCompiler.ERRNO | 38;

    static List<SyscallTable> tables() {
        return List.of(SyscallTable.X86_64, SyscallTable.ARM64);
    }

    private static long run(SyscallTable table, long arch, long number, long... args) {
        List<Instruction> program = SeccompCompiler.compile(table);
        long a = 0;
        for (int pc = 0; pc < program.size(); pc++) {
            Instruction i = program.get(pc);
            switch (i.code()) {
                case 0x20 -> a = word((int) i.operand(), arch, number, args);
                case 0x54 -> a &= i.operand();
                case 0x06 -> {
                    return i.operand();
                }
                case 0x15 -> pc += a == i.operand() ? i.jumpTrue() : i.jumpFalse();
                case 0x25 -> pc += Long.compareUnsigned(a, i.operand()) > 0 ? i.jumpTrue() : i.jumpFalse();
                case 0x35 -> pc += Long.compareUnsigned(a, i.operand()) >= 0 ? i.jumpTrue() : i.jumpFalse();
                case 0x45 -> pc += (a & i.operand()) != 0 ? i.jumpTrue() : i.jumpFalse();
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
        return run(t, t.auditArch(), t.number(name), args);
    }

    @ParameterizedTest
    @MethodSource("tables")
    void ordinaryCallsAreAllowed(SyscallTable t) {
        assertThat(List.of("read", "write", "execve", "openat", "landlock_restrict_self", "seccomp", "pidfd_open"))
                .allMatch(name -> call(t, name) == SeccompCompiler.ALLOW);
        assertThat(call(t, "clone", 17)).isEqualTo(SeccompCompiler.ALLOW);
        assertThat(call(t, "unshare", 0x200)).isEqualTo(SeccompCompiler.ALLOW);
        assertThat(call(t, "ioctl", 0, 0x5413)).isEqualTo(SeccompCompiler.ALLOW);
        assertThat(call(t, "personality", 0xffffffffL)).isEqualTo(SeccompCompiler.ALLOW);
        assertThat(call(t, "mknodat", 0, 0, 0x8000 | 0644)).isEqualTo(SeccompCompiler.ALLOW);
    }

    @ParameterizedTest
    @MethodSource("tables")
    void everyRuleRefusesItsCall(SyscallTable t) {
        for (FilterRule rule : SeccompPolicy.rules()) {
            if (t.find(rule.call()).isPresent()) {
                long[] args = new long[6];
                long errno = switch (rule) {
                    case FilterRule.Always r -> r.errno();
                    case FilterRule.AnyBit r -> {
                        args[r.argument()] = Long.lowestOneBit(r.mask());
                        yield r.errno();
                    }
                    case FilterRule.Equal r -> {
                        args[r.argument()] = r.value() | 1L << 40; // the kernel looks at the low half only
                        yield r.errno();
                    }
                };
                assertThat(call(t, rule.call(), args)).as("%s", rule).isEqualTo(SeccompCompiler.ERRNO | errno);
                assertThat(rule.reason()).isNotBlank();
            }
        }
    }

    @ParameterizedTest
    @MethodSource("tables")
    void foreignAndUnknownCallsAreRefused(SyscallTable t) {
        assertThat(run(t, 0x40000003L, 20)).isEqualTo(SeccompCompiler.KILL_PROCESS);
        assertThat(run(t, t.auditArch(), SeccompPolicy.LAST_REVIEWED + 1)).isEqualTo(ENOSYS);
        assertThat(run(t, t.auditArch(), 0x40000000L)).isEqualTo(ENOSYS);
        assertThat(run(t, t.auditArch(), 0xffffffffL)).isEqualTo(ENOSYS);
    }

    @ParameterizedTest
    @MethodSource("tables")
    void socketsAreLimitedToPlainOnes(SyscallTable t) {
        assertThat(call(t, "socket", 1, 1, 0)).isEqualTo(SeccompCompiler.ALLOW);
        assertThat(call(t, "socket", 2, 1 | 0x80000, 6)).isEqualTo(SeccompCompiler.ALLOW);
        assertThat(call(t, "socket", 10, 2, 17)).isEqualTo(SeccompCompiler.ALLOW);
        assertThat(call(t, "socket", 16, 3, 0)).isEqualTo(SeccompCompiler.ALLOW);
        assertThat(call(t, "socket", 16, 3, 15)).isEqualTo(EPERM);
        assertThat(call(t, "socket", 2, 3 | 0x80000, 0)).isEqualTo(EPERM);
        assertThat(call(t, "socket", 2, 1, 262)).isEqualTo(SeccompCompiler.ERRNO | 93);
        assertThat(call(t, "socket", 17, 3, 0)).isEqualTo(SeccompCompiler.ERRNO | 97);
    }

    @ParameterizedTest
    @MethodSource("tables")
    void deviceNodesAndOddPersonalitiesAreRefused(SyscallTable t) {
        assertThat(call(t, "mknodat", 0, 0, 0x2000)).isEqualTo(EPERM);
        assertThat(call(t, "mknodat", 0, 0, 0x6000 | 0600)).isEqualTo(EPERM);
        assertThat(call(t, "personality", 0x40000)).isEqualTo(EPERM);
    }

    @Test
    void theProgramFitsTheKernelsLimit() {
        assertThat(SeccompCompiler.compile(SyscallTable.X86_64)).hasSizeLessThan(4096);
    }
}
