package io.openshell.agent.isolation.seccomp;

import io.openshell.agent.linux.Memory;
import io.openshell.agent.linux.Native;
import io.openshell.agent.linux.Sys;
import java.util.List;

/** A compiled program in native memory, kept for the life of the agent and applied to one thread at a time. */
public final class SeccompFilter {
    private static final int SET_MODE_FILTER = 1;
    private final Memory memory = new Memory();
    private final long program;

    public SeccompFilter(List<Instruction> instructions) {
        long at = memory.allocate(8L * instructions.size());
        for (int i = 0; i < instructions.size(); i++) {
            Instruction x = instructions.get(i);
            Memory.putShort(at + 8L * i, x.code());
            Memory.putByte(at + 8L * i + 2, x.jumpTrue());
            Memory.putByte(at + 8L * i + 3, x.jumpFalse());
            Memory.putInt(at + 8L * i + 4, (int) x.operand());
        }
        program = memory.allocate(16);
        Memory.putShort(program, instructions.size());
        Memory.putLong(program + 8, at);
    }

    /** Binds the calling thread and its future children; cannot be undone. */
    public void apply() {
        Native.check("seccomp filter", Sys.SECCOMP, SET_MODE_FILTER, 0, program);
    }
}
