package io.openshell.bench;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** Processes of this machine and their memory, as the kernel tells. */
public final class Processes {
    private static final double KIB_PER_MIB = 1024;

    private Processes() {}

    /** Process ids of the direct children, without order. */
    public static List<Long> children(long pid) {
        return ProcessHandle.of(pid).stream().flatMap(ProcessHandle::children).map(ProcessHandle::pid).toList();
    }

    /** Proportional set size of all processes below this one, MiB: pages shared by several count in parts. */
    public static double pssBelow(long pid) {
        return ProcessHandle.of(pid).stream().flatMap(ProcessHandle::descendants).mapToDouble(p -> pss(p.pid())).sum();
    }

    /** Proportional set size, MiB. */
    public static double pss(long pid) {
        return mebibytes(Path.of("/proc/" + pid + "/smaps_rollup"), "Pss:");
    }

    /** Resident set size, MiB. */
    public static double rss(long pid) {
        return mebibytes(Path.of("/proc/" + pid + "/status"), "VmRSS:");
    }

    /** Processor time used so far, milliseconds, as exact as the JVM's process view is. */
    public static double cpuMillis(long pid) {
        return ProcessHandle.of(pid).flatMap(process -> process.info().totalCpuDuration())
                .orElseThrow(() -> new IllegalStateException("no processor time of process " + pid)).toMillis();
    }

    private static double mebibytes(Path file, String field) {
        try {
            return Files.readAllLines(file).stream().filter(line -> line.startsWith(field)).findFirst()
                    .map(line -> Double.parseDouble(line.replaceAll("[^0-9]", "")) / KIB_PER_MIB)
                    .orElseThrow(() -> new IllegalStateException("no " + field + " in " + file));
        } catch (IOException e) {
            throw new UncheckedIOException("cannot read " + file, e);
        }
    }
}
