package io.openshell.gateway.query;

import io.openshell.projection.logs.LogLine;
import io.openshell.wire.v1.SandboxLogLine;
import java.util.List;
import java.util.Set;

/**
 * Which log lines a caller wants. Pure.
 *
 * @param sinceMs lines from then on, in Unix milliseconds; 0 for no bound
 * @param sources empty for all
 * @param minLevel least level; empty for all
 */
public record LogFilter(long sinceMs, Set<String> sources, String minLevel) {

    private static final int LOWEST = 4;

    public LogFilter {
        sources = Set.copyOf(sources);
    }

    /** A filter as requests carry it. */
    public static LogFilter of(long sinceMs, List<String> sources, String minLevel) {
        return new LogFilter(sinceMs, Set.copyOf(sources), minLevel);
    }

    /** The same without a bound on time, for live lines. */
    public LogFilter live() {
        return new LogFilter(0, sources, minLevel);
    }

    /** Whether the caller wants this line. */
    public boolean takes(LogLine line) {
        String source = line.source().isEmpty() ? "gateway" : line.source();
        return (sinceMs == 0 || line.time().toEpochMilli() >= sinceMs)
                && (sources.isEmpty() || sources.contains(source))
                && (minLevel.isEmpty() || rank(line.level()) <= rank(minLevel));
    }

    private static int rank(String level) {
        return switch (level.toUpperCase(java.util.Locale.ROOT)) {
            case "ERROR" -> 0;
            case "WARN" -> 1;
            case "INFO", "OCSF" -> 2;
            case "DEBUG" -> 3;
            default -> LOWEST;
        };
    }

    /** A line as clients see it. */
    public static SandboxLogLine message(LogLine line) {
        return SandboxLogLine.newBuilder()
                .setSandboxId(line.sandboxId())
                .setTimestampMs(line.time().toEpochMilli())
                .setLevel(line.level())
                .setTarget(line.target())
                .setMessage(line.message())
                .setSource(line.source())
                .putAllFields(line.fields())
                .build();
    }
}
