package io.openshell.agent.isolation.resources;

import io.openshell.agent.runtime.LimitHit;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The kernel's counts of what was refused to one sandbox. A count is told when it has doubled since it was told last, so
 * that a program that never stops trying does not fill the log. Safe for any thread.
 */
public final class LimitCounters {
    private final Map<String, Path> groups;
    private final Map<String, Hierarchy> trees;
    private final Map<String, Long> told = new HashMap<>();
    private final String memoryShare;
    private final String processShare;

    LimitCounters(Map<String, Path> groups, Map<String, Hierarchy> trees) {
        this.groups = Map.copyOf(groups);
        this.trees = Map.copyOf(trees);
        this.memoryShare = limit("memory").map(LimitCounters::megabytes).orElse("its share");
        this.processShare = limit("pids").orElse("its share");
    }

    /** What is worth telling since the last call. */
    public synchronized List<LimitHit> news() {
        List<LimitHit> hits = new ArrayList<>();
        count("memory", version("memory") == 1 ? "memory.oom_control" : "memory.events", "oom_kill").ifPresent(n -> tell(hits,
                new LimitHit("memory", n, "out of memory: the kernel ended a process of the sandbox, whose share is " + memoryShare)));
        count("pids", "pids.events", "max").ifPresent(n -> tell(hits,
                new LimitHit("processes", n, "a new process was refused to the sandbox, whose share is " + processShare + " at a time")));
        return hits;
    }

    private void tell(List<LimitHit> hits, LimitHit hit) {
        if (hit.times() >= 1 && hit.times() >= 2 * told.getOrDefault(hit.limit(), 0L)) {
            told.put(hit.limit(), hit.times());
            hits.add(hit);
        }
    }

    private int version(String controller) {
        Hierarchy tree = trees.get(controller);
        return tree == null ? 0 : tree.version();
    }

    private Optional<Long> count(String controller, String file, String key) {
        return read(controller, file).flatMap(text -> text.lines().filter(line -> line.startsWith(key + " ")).findFirst())
                .map(line -> Long.parseLong(line.substring(key.length() + 1).trim()));
    }

    private Optional<String> limit(String controller) {
        String file = controller.equals("pids") ? "pids.max" : version("memory") == 1 ? "memory.limit_in_bytes" : "memory.max";
        return read(controller, file).map(String::trim).filter(text -> !text.equals("max"));
    }

    private Optional<String> read(String controller, String file) {
        Path group = groups.get(controller);
        if (group == null) {
            return Optional.empty();
        }
        try {
            return Optional.of(Files.readString(group.resolve(file)));
        } catch (NoSuchFileException gone) {
            return Optional.empty(); // removed together with the sandbox
        } catch (IOException e) {
            // a group that is being removed; what it counted was asked for before
            return Optional.empty();
        }
    }

    private static String megabytes(String bytes) {
        return Long.parseLong(bytes) / (1 << 20) + " MiB";
    }
}
