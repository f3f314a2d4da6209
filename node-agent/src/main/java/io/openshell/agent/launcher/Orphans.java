package io.openshell.agent.launcher;

import io.openshell.agent.isolation.users.Standing;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Processes that earlier agents left without a record, found by what they were started with. The process list is read once:
 * what this agent starts itself it knows.
 */
final class Orphans {
    private static final String INIT = "OPENSHELL_SANDBOX_ID=";
    private @Nullable Map<String, List<Integer>> found;

    /** What PID 1 of a sandbox is recognised by. */
    static String marker(String sandboxId) {
        return INIT + sandboxId;
    }

    /** PID 1 and holder of a sandbox, those that still are what they were. */
    synchronized List<Integer> of(String sandboxId, int holderUid) throws IOException {
        Map<String, List<Integer>> known = found;
        if (known == null) {
            known = scan();
            found = known;
        }
        List<Integer> still = new ArrayList<>();
        for (int pid : known.getOrDefault(sandboxId, List.of())) {
            if (ProcFiles.isInitWith(pid, Standing.here().ownUid(), marker(sandboxId))
                    || ProcFiles.isInitWith(pid, ContainerEntry.FIRST_PROCESS_UID, marker(sandboxId))
                    || ProcFiles.isUsersWith(pid, holderUid, Holder.marker(sandboxId))) {
                still.add(pid);
            }
        }
        return still;
    }

    private static Map<String, List<Integer>> scan() throws IOException {
        Map<String, List<Integer>> all = new HashMap<>();
        for (int pid : ProcFiles.all()) {
            for (String line : ProcFiles.environment(pid)) {
                for (String prefix : List.of(INIT, Holder.marker(""))) {
                    if (line.startsWith(prefix)) {
                        all.computeIfAbsent(line.substring(prefix.length()), id -> new ArrayList<>()).add(pid);
                    }
                }
            }
        }
        return all;
    }
}
