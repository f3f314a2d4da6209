package io.openshell.agent.isolation.seccomp;

import io.openshell.agent.linux.Errno;
import io.openshell.agent.linux.SyscallTable;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * Turns the entries into a program: a binary search over the numbers, so that the last call is found as fast as the first and the kernel
 * can remember which calls are allowed whatever their arguments. Pure.
 */
public final class SeccompCompiler {
    static final long ALLOW = 0x7fff0000L;
    static final long KILL_PROCESS = 0x80000000L;
    static final long ERRNO = 0x00050000L;
    private static final int LOAD = 0x20;
    private static final int JUMP = 0x05;
    private static final int JEQ = 0x15;
    private static final int JGE = 0x35;
    private static final int AND = 0x54;
    private static final int RET = 0x06;
    private static final int NUMBER = 0;
    private static final int ARCH = 4;
    private static final int ARGUMENTS = 16;
    private static final int FARTHEST = 255;
    private static final long ALL = 0xffffffffL;
    private static final List<Instruction> UNKNOWN = List.of(ret(ERRNO | Errno.ENOSYS));

    private SeccompCompiler() {}

    /** Numbers from {@code first} up to the next range have the same fate. */
    private record Range(long first, List<Instruction> fate) {}

    /** The program for one architecture. */
    public static List<Instruction> compile(SyscallTable table) {
        List<Instruction> program = new ArrayList<>();
        program.add(new Instruction(LOAD, 0, 0, ARCH));
        program.add(new Instruction(JEQ, 1, 0, table.auditArch()));
        program.add(ret(KILL_PROCESS));
        program.add(new Instruction(LOAD, 0, 0, NUMBER));
        program.addAll(search(ranges(table)));
        return List.copyOf(program);
    }

    /** Every number there can be: the ones between and above the listed calls, x32's among them, are unknown. */
    private static List<Range> ranges(SyscallTable table) {
        Map<Integer, List<Instruction>> fates = new TreeMap<>();
        SeccompPolicy.entries().stream().map(FilterEntry::call).distinct().forEach(
                call -> table.find(call).ifPresent(number -> fates.put(number, fate(call))));
        List<Range> ranges = new ArrayList<>(List.of(new Range(0, UNKNOWN)));
        fates.forEach((number, fate) -> {
            append(ranges, new Range(number, fate));
            append(ranges, new Range(number + 1L, UNKNOWN));
        });
        return ranges;
    }

    private static void append(List<Range> ranges, Range next) {
        if (ranges.getLast().first() == next.first()) {
            ranges.removeLast();
        }
        if (ranges.isEmpty() || !ranges.getLast().fate().equals(next.fate())) {
            ranges.add(next);
        }
    }

    private static List<Instruction> search(List<Range> ranges) {
        if (ranges.size() == 1) {
            return ranges.getFirst().fate();
        }
        int middle = ranges.size() / 2;
        List<Instruction> below = search(ranges.subList(0, middle));
        List<Instruction> above = search(ranges.subList(middle, ranges.size()));
        List<Instruction> all = new ArrayList<>();
        long border = ranges.get(middle).first();
        if (below.size() <= FARTHEST) {
            all.add(new Instruction(JGE, below.size(), 0, border));
        } else {
            all.add(new Instruction(JGE, 0, 1, border));
            all.add(new Instruction(JUMP, 0, 0, below.size()));
        }
        all.addAll(below);
        all.addAll(above);
        return all;
    }

    /** What happens to one call: its entries one after the other, and refusal when none decides. */
    private static List<Instruction> fate(String call) {
        List<Instruction> all = new ArrayList<>();
        for (FilterEntry entry : SeccompPolicy.entries()) {
            if (entry.call().equals(call)) {
                all.addAll(entry(entry));
                if (entry.when().isEmpty()) {
                    return List.copyOf(all);
                }
            }
        }
        all.addAll(UNKNOWN);
        return List.copyOf(all);
    }

    private static List<Instruction> entry(FilterEntry entry) {
        List<Instruction> code = List.of(switch (entry.action()) {
            case FilterEntry.Action.Allow a -> ret(ALLOW);
            case FilterEntry.Action.Refuse r -> ret(ERRNO | r.errno());
        });
        for (ArgumentCondition test : entry.when().reversed()) {
            code = guarded(test, code);
        }
        return code;
    }

    /** The code behind a test; past its end when the test does not hold. */
    private static List<Instruction> guarded(ArgumentCondition test, List<Instruction> code) {
        List<Instruction> all = new ArrayList<>();
        all.add(new Instruction(LOAD, 0, 0, ARGUMENTS + 8L * test.argument()));
        if (test.mask() != ALL) {
            all.add(new Instruction(AND, 0, 0, test.mask()));
        }
        int last = test.values().size() - 1;
        for (int i = 0; i <= last; i++) {
            int found = last - i + (test.among() ? 0 : code.size());
            int notFound = i == last && test.among() ? code.size() : 0;
            if (found > FARTHEST || notFound > FARTHEST) {
                throw new IllegalStateException("the conditions of one call are too long for a jump");
            }
            all.add(new Instruction(JEQ, found, notFound, test.values().get(i)));
        }
        all.addAll(code);
        return all;
    }

    private static Instruction ret(long value) {
        return new Instruction(RET, 0, 0, value);
    }
}
