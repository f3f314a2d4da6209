package io.openshell.agent.isolation.seccomp;

import io.openshell.agent.linux.Errno;
import io.openshell.agent.linux.KernelException;
import io.openshell.agent.linux.Memory;
import io.openshell.agent.linux.Native;
import io.openshell.agent.linux.Sys;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;

/** A compiled program in native memory, kept for the life of the agent and applied to one thread at a time. */
public final class SeccompFilter {
    private static final int SET_MODE_FILTER = 1;
    private static final int INSTRUCTION_BYTES = 8;
    private final Memory memory = new Memory();
    private final long program;
    private final Map<String, String> facts;

    public SeccompFilter(List<Instruction> instructions) {
        long at = memory.allocate(8L * instructions.size());
        for (int i = 0; i < instructions.size(); i++) {
            Instruction x = instructions.get(i);
            Memory.putShort(at + 8L * i, x.code());
            Memory.putByte(at + 8L * i + 2, x.jumpTrue());
            Memory.putByte(at + 8L * i + 3, x.jumpFalse());
            Memory.putInt(at + 8L * i + 4, (int) x.operand());
        }
        facts = Map.of("seccomp.filter", hash(Memory.get(at, INSTRUCTION_BYTES * instructions.size())),
                "seccomp.instructions", Integer.toString(instructions.size()),
                "seccomp.entries", Integer.toString(SeccompPolicy.entries().size()));
        program = memory.allocate(16);
        Memory.putShort(program, instructions.size());
        Memory.putLong(program + 8, at);
    }

    /** Binds the calling thread and its future children; cannot be undone. */
    public void apply() {
        Native.check("seccomp filter", Sys.SECCOMP, SET_MODE_FILTER, 0, program);
    }

    /** Proves on the bound thread that the filter is in force: entering no namespace at all is a bad descriptor without it. */
    public static void prove() {
        long entered = Native.call(Sys.SETNS, -1, 0);
        if (entered != -Errno.EPERM) {
            throw new KernelException("the forbidden call was not refused by the filter but ended with", entered < 0 ? (int) -entered : 0);
        }
    }

    /** Hash (SHA-256 of the program as the kernel got it), length and number of entries, for the attestation. */
    public Map<String, String> facts() {
        return facts;
    }

    private static String hash(byte[] program) {
        try {
            return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(program));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e); // every Java has it
        }
    }
}
