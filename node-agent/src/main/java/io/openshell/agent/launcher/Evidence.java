package io.openshell.agent.launcher;

import io.openshell.agent.isolation.IsolationPlan;
import io.openshell.model.isolation.LayerKind;
import io.openshell.model.isolation.LayerReport;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** What the kernel says of a started process, and whether that is what was planned. */
record Evidence(Map<String, String> seen, List<String> mismatches) {
    private static final String NONE = "0000000000000000";

    static Evidence of(int pid, int initPid, IsolationPlan plan) throws IOException {
        Map<String, String> status = ProcFiles.status(pid);
        Map<String, String> seen = new LinkedHashMap<>();
        List<String> wrong = new ArrayList<>();
        String ids = (plan.uid() + " ").repeat(4).trim();
        expect(status, "Uid", ids, seen, wrong);
        expect(status, "Gid", ids, seen, wrong);
        expect(status, "Groups", "", seen, wrong);
        for (String set : List.of("CapInh", "CapPrm", "CapEff", "CapBnd", "CapAmb")) {
            expect(status, set, NONE, seen, wrong);
        }
        expect(status, "NoNewPrivs", "1", seen, wrong);
        // 3 is shown once the filter itself has killed the process
        expect(status, "Seccomp", "3".equals(status.get("Seccomp")) ? "3" : "2", seen, wrong);
        for (String ns : List.of("mnt", "net", "ipc", "uts", "pid")) {
            // PID 1 shares them all and, unlike a short command, is certainly alive
            String inside = Files.readSymbolicLink(Path.of("/proc", Integer.toString(initPid), "ns", ns)).toString();
            seen.put("ns." + ns, inside);
            if (inside.equals(Files.readSymbolicLink(Path.of("/proc/self/ns", ns)).toString())) {
                wrong.add("namespace " + ns + " is the agent's");
            }
        }
        seen.put("landlock.abi", Integer.toString(plan.landlockAbi()));
        return new Evidence(seen, wrong);
    }

    private static void expect(Map<String, String> status, String key, String value, Map<String, String> seen, List<String> wrong) {
        String is = status.getOrDefault(key, "missing");
        seen.put(key, is);
        if (!is.equals(value)) {
            wrong.add(key + " is " + is);
        }
    }

    static List<LayerReport> layers(IsolationPlan plan) {
        return plan.order().stream().map(kind -> layer(kind, plan)).toList();
    }

    private static LayerReport layer(LayerKind kind, IsolationPlan plan) {
        int abi = plan.landlockAbi();
        return switch (kind) {
            case LANDLOCK -> {
                if (abi == 0) {
                    yield new LayerReport.Absent(kind, "not in this kernel; the policy accepts best effort");
                }
                yield abi < 6 ? new LayerReport.Weakened(kind, "version " + abi + " lacks " + (abi < 3 ? "truncate, " : "") + (abi < 5 ? "device ioctl, " : "")
                        + "scopes") : new LayerReport.Enforced(kind, "version " + abi + ", " + plan.landlock().size() + " paths");
            }
            case USER_IDS -> new LayerReport.Enforced(kind, "uid " + plan.uid() + " seen in the started process");
            case CAPABILITIES, NO_NEW_PRIVS, SECCOMP -> new LayerReport.Enforced(kind, "seen in the started process");
            case MOUNTS, PID_NAMESPACE, NETWORK_NAMESPACE, IPC_NAMESPACE, UTS_NAMESPACE -> new LayerReport.Enforced(kind, "own namespace seen");
            case RLIMITS -> new LayerReport.Enforced(kind, "processes 4096, open files 1024 to 4096, no core file");
            case DESCRIPTORS -> new LayerReport.Enforced(kind, "closed from 3 before exec");
            case ENVIRONMENT -> new LayerReport.Enforced(kind, "built from empty");
            case RESOURCES -> new LayerReport.Weakened(kind, "not looked at");
            case PROXY_LISTENER -> new LayerReport.Enforced(kind, "socket made in the network namespace");
        };
    }
}
