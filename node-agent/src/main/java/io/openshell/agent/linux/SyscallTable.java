package io.openshell.agent.linux;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import java.util.OptionalInt;

/** System call numbers of one processor architecture, by name. Immutable. */
public final class SyscallTable {
    private static final String NUMBERS = read();

    /** 64-bit x86. */
    public static final SyscallTable X86_64 = new SyscallTable(1, 0xC000003EL);
    /** 64-bit Arm. */
    public static final SyscallTable ARM64 = new SyscallTable(2, 0xC00000B7L);

    private final Map<String, Integer> numbers = new HashMap<>();
    private final long auditArch;

    private SyscallTable(int column, long auditArch) {
        this.auditArch = auditArch;
        NUMBERS.lines().filter(line -> !line.startsWith("#")).map(line -> line.split(" ")).filter(f -> !f[column].equals("-"))
                .forEach(f -> numbers.put(f[0], Integer.parseInt(f[column])));
    }

    private static String read() {
        try (InputStream in = SyscallTable.class.getResourceAsStream("syscalls.txt")) {
            return new String(Objects.requireNonNull(in, "syscalls.txt").readAllBytes(), StandardCharsets.US_ASCII);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The table of the running machine. */
    public static SyscallTable ofThisMachine() {
        return System.getProperty("os.arch").equals("aarch64") ? ARM64 : X86_64;
    }

    /** The number of a call that exists here. */
    public int number(String name) {
        Integer n = numbers.get(name);
        if (n == null) {
            throw new IllegalArgumentException("no system call " + name + " on this architecture");
        }
        return n;
    }

    /** The number, or empty where the architecture has no such call. */
    public OptionalInt find(String name) {
        Integer n = numbers.get(name);
        return n == null ? OptionalInt.empty() : OptionalInt.of(n);
    }

    /** Every call of this architecture with its number. */
    public Map<String, Integer> numbers() {
        return Map.copyOf(numbers);
    }

    /** The value seccomp shows for this architecture. */
    public long auditArch() {
        return auditArch;
    }
}
