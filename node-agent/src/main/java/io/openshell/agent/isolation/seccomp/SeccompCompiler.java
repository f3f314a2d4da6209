package io.openshell.agent.isolation.seccomp;

import static io.openshell.agent.linux.Errno.EAFNOSUPPORT;
import static io.openshell.agent.linux.Errno.ENOSYS;
import static io.openshell.agent.linux.Errno.EPERM;
import static io.openshell.agent.linux.Errno.EPROTONOSUPPORT;

import io.openshell.agent.linux.SyscallTable;
import java.util.ArrayList;
import java.util.List;

/** Turns the refusals into a program. Pure. */
public final class SeccompCompiler {
    static final long ALLOW = 0x7fff0000L;
    static final long KILL_PROCESS = 0x80000000L;
    static final long ERRNO = 0x00050000L;
    private static final int LOAD = 0x20;
    private static final int JEQ = 0x15;
    private static final int JGT = 0x25;
    private static final int JGE = 0x35;
    private static final int JSET = 0x45;
    private static final int AND = 0x54;
    private static final int RET = 0x06;
    private static final int NUMBER = 0;
    private static final int ARCH = 4;
    private final SyscallTable table;
    private final List<Instruction> out = new ArrayList<>();

    private SeccompCompiler(SyscallTable table) {
        this.table = table;
    }

    /** The program for one architecture. */
    public static List<Instruction> compile(SyscallTable table) {
        SeccompCompiler c = new SeccompCompiler(table);
        c.head();
        SeccompPolicy.rules().forEach(c::rule);
        c.personality();
        c.deviceNodes("mknod", 1);
        c.deviceNodes("mknodat", 2);
        c.sockets();
        c.add(RET, 0, 0, ALLOW);
        return List.copyOf(c.out);
    }

    private void head() {
        add(LOAD, 0, 0, ARCH);
        add(JEQ, 1, 0, table.auditArch());
        add(RET, 0, 0, KILL_PROCESS);
        add(LOAD, 0, 0, NUMBER);
        if (table.hasX32()) {
            add(JGE, 0, 1, 0x40000000L);
            add(RET, 0, 0, ERRNO | ENOSYS);
        }
        add(JGT, 0, 1, SeccompPolicy.LAST_REVIEWED);
        add(RET, 0, 0, ERRNO | ENOSYS);
    }

    private void rule(FilterRule rule) {
        switch (rule) {
            case FilterRule.Always a -> block(a.call(), List.of(ret(ERRNO | a.errno())));
            case FilterRule.AnyBit b -> block(b.call(),
                    List.of(load(b.argument()), new Instruction(JSET, 0, 1, b.mask()), ret(ERRNO | b.errno()), ret(ALLOW)));
            // no "allowed" at the end: a second rule for the same call may follow, so the number is loaded again
            case FilterRule.Equal e -> block(e.call(),
                    List.of(load(e.argument()), new Instruction(JEQ, 0, 1, e.value()), ret(ERRNO | e.errno()), new Instruction(LOAD, 0, 0, NUMBER)));
        }
    }

    private void personality() {
        List<Instruction> b = new ArrayList<>(List.of(load(0)));
        long[] allowed = {0, 8, 0x20000, 0x20008, 0xffffffffL};
        for (long value : allowed) {
            b.add(new Instruction(JEQ, 0, 1, value));
            b.add(ret(ALLOW));
        }
        b.add(ret(ERRNO | EPERM));
        block("personality", b);
    }

    private void deviceNodes(String call, int modeArgument) {
        block(call, List.of(load(modeArgument), new Instruction(AND, 0, 0, 0xF000),
                new Instruction(JEQ, 1, 0, 0x2000), new Instruction(JEQ, 0, 1, 0x6000), ret(ERRNO | EPERM), ret(ALLOW)));
    }

    /** UNIX freely; INET and INET6 with TCP and UDP only and never raw; NETLINK for routes only. */
    private void sockets() {
        List<Instruction> b = new ArrayList<>();
        b.add(load(0));
        b.add(new Instruction(JEQ, 0, 1, 1));
        b.add(ret(ALLOW));
        b.add(new Instruction(JEQ, 0, 4, 16));
        b.add(load(2));
        b.add(new Instruction(JEQ, 0, 1, 0));
        b.add(ret(ALLOW));
        b.add(ret(ERRNO | EPERM));
        b.add(new Instruction(JEQ, 2, 0, 2));
        b.add(new Instruction(JEQ, 1, 0, 10));
        b.add(ret(ERRNO | EAFNOSUPPORT));
        b.add(load(1));
        b.add(new Instruction(AND, 0, 0, 0xf));
        b.add(new Instruction(JEQ, 0, 1, 3));
        b.add(ret(ERRNO | EPERM));
        b.add(load(2));
        for (long protocol : new long[] {0, 6, 17}) {
            b.add(new Instruction(JEQ, 0, 1, protocol));
            b.add(ret(ALLOW));
        }
        b.add(ret(ERRNO | EPROTONOSUPPORT));
        block("socket", b);
    }

    private void block(String call, List<Instruction> body) {
        table.find(call).ifPresent(number -> {
            add(JEQ, 0, body.size(), number);
            out.addAll(body);
        });
    }

    private static Instruction load(int argument) {
        return new Instruction(LOAD, 0, 0, 16 + 8L * argument);
    }

    private static Instruction ret(long value) {
        return new Instruction(RET, 0, 0, value);
    }

    private void add(int code, int jumpTrue, int jumpFalse, long operand) {
        out.add(new Instruction(code, jumpTrue, jumpFalse, operand));
    }
}
