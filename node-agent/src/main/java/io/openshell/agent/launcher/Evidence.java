package io.openshell.agent.launcher;

import io.openshell.agent.isolation.IsolationPlan;
import io.openshell.agent.isolation.landlock.LandlockRights;
import io.openshell.agent.isolation.limits.ResourceLimits;
import io.openshell.agent.isolation.users.Standing;
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
    private static final List<String> SEPARATE = List.of("mnt", "net", "ipc", "uts", "pid");
    private static final List<String> SHARED = List.of("user", "cgroup");

    /** Everything that can be read back: of the main process, its namespaces and its view of the files. */
    static Evidence of(int pid, int initPid, IsolationPlan plan) throws IOException {
        Evidence session = ofSession(pid, initPid, plan);
        Map<String, String> seen = new LinkedHashMap<>(session.seen());
        List<String> wrong = new ArrayList<>(session.mismatches());
        MountFacts mounts = MountFacts.of(initPid);
        seen.putAll(mounts.seen());
        wrong.addAll(mounts.wrong(plan.mounts()));
        for (String ns : SHARED) {
            seen.put("ns." + ns, namespace(initPid, ns));
        }
        seen.put("uid_map", Files.readString(Path.of("/proc", Integer.toString(initPid), "uid_map")).trim().replaceAll("\\s+", " "));
        limits(pid, seen, wrong);
        seen.put("landlock.abi", Integer.toString(plan.landlockAbi()));
        seen.put("landlock.rights", LandlockRights.describe(plan.landlockAbi()));
        seen.put("landlock.scopes", LandlockRights.describeScopes(plan.order()));
        return new Evidence(seen, wrong);
    }

    /** What must hold for every process of a sandbox. */
    static Evidence ofSession(int pid, int initPid, IsolationPlan plan) throws IOException {
        Map<String, String> status = ProcFiles.status(pid);
        Map<String, String> seen = new LinkedHashMap<>();
        List<String> wrong = new ArrayList<>();
        String ids = (plan.uid() + " ").repeat(4).trim();
        expect(status, "Uid", ids, seen, wrong);
        expect(status, "Gid", ids, seen, wrong);
        if (Standing.here().groupsStay()) {
            seen.put("Groups", status.getOrDefault("Groups", "missing"));
        } else {
            expect(status, "Groups", "", seen, wrong);
        }
        for (String set : List.of("CapInh", "CapPrm", "CapEff", "CapBnd", "CapAmb")) {
            expect(status, set, NONE, seen, wrong);
        }
        expect(status, "NoNewPrivs", "1", seen, wrong);
        // 3 is shown once the filter itself has killed the process
        expect(status, "Seccomp", "3".equals(status.get("Seccomp")) ? "3" : "2", seen, wrong);
        if (status.containsKey("Seccomp_filters")) {
            seen.put("Seccomp_filters", status.get("Seccomp_filters"));
        }
        for (String ns : SEPARATE) {
            // PID 1 shares them all and, unlike a short command, is certainly alive
            String inside = namespace(initPid, ns);
            seen.put("ns." + ns, inside);
            if (inside.equals(Files.readSymbolicLink(Path.of("/proc/self/ns", ns)).toString())) {
                wrong.add("namespace " + ns + " is the agent's");
            }
        }
        return new Evidence(seen, wrong);
    }

    /** With facts that were found otherwise. */
    Evidence with(Map<String, String> more) {
        Map<String, String> all = new LinkedHashMap<>(seen);
        all.putAll(more);
        return new Evidence(all, mismatches);
    }

    private static String namespace(int pid, String ns) throws IOException {
        return Files.readSymbolicLink(Path.of("/proc", Integer.toString(pid), "ns", ns)).toString();
    }

    private static void expect(Map<String, String> status, String key, String value, Map<String, String> seen, List<String> wrong) {
        String is = status.getOrDefault(key, "missing");
        seen.put(key, is);
        if (!is.equals(value)) {
            wrong.add(key + " is " + is);
        }
    }

    private static void limits(int pid, Map<String, String> seen, List<String> wrong) throws IOException {
        for (String line : Files.readAllLines(Path.of("/proc", Integer.toString(pid), "limits"))) {
            String[] words = line.trim().split("\\s{2,}");
            if (words[0].equals("Max core file size")) {
                seen.put("limits.core", words[1]);
                if (!words[1].equals("0")) {
                    wrong.add("core files may have " + words[1] + " bytes");
                }
            } else if (words[0].equals("Max processes")) {
                seen.put("limits.processes", words[2]);
                if (words[2].equals("unlimited") || Long.parseLong(words[2]) > ResourceLimits.PROCESSES) {
                    wrong.add("the limit of processes is " + words[2]);
                }
            }
        }
    }

    static List<LayerReport> layers(IsolationPlan plan, Map<String, String> seen) {
        return plan.order().stream().map(kind -> layer(kind, plan, seen)).toList();
    }

    private static LayerReport layer(LayerKind kind, IsolationPlan plan, Map<String, String> seen) {
        return switch (kind) {
            case LANDLOCK -> landlock(plan.landlockAbi(), seen);
            case USER_IDS -> userIds(plan.uid(), seen);
            case CAPABILITIES -> new LayerReport.Enforced(kind, "five empty sets seen in the started process");
            case NO_NEW_PRIVS -> new LayerReport.Enforced(kind, "seen in the started process");
            case SECCOMP -> new LayerReport.Enforced(kind, (seen.containsKey("seccomp.filter")
                    ? "filter " + shortened(seen.get("seccomp.filter")) + " " : "") + "seen in the started process");
            case MOUNTS -> new LayerReport.Enforced(kind, seen.getOrDefault("mounts", "own mounts") + ", as planned, none shared");
            case PID_NAMESPACE, NETWORK_NAMESPACE, IPC_NAMESPACE, UTS_NAMESPACE -> new LayerReport.Enforced(kind, "own namespace seen");
            case RLIMITS -> new LayerReport.Enforced(kind, "processes " + seen.getOrDefault("limits.processes", "4096") + ", open files 1024 to 4096, no core file");
            case DESCRIPTORS -> new LayerReport.Enforced(kind, "closed from 3 before exec");
            case ENVIRONMENT -> new LayerReport.Enforced(kind, "built from empty");
            case RESOURCES -> new LayerReport.Weakened(kind, "not looked at");
            case PROXY_LISTENER -> new LayerReport.Enforced(kind, "socket made in the network namespace");
        };
    }

    private static LayerReport userIds(int uid, Map<String, String> seen) {
        Standing standing = Standing.here();
        if (!standing.sharesOwnId()) {
            return new LayerReport.Enforced(LayerKind.USER_IDS, "uid " + uid + " seen in the started process"
                    + (standing.inUserNamespace() ? ", one of the sub-ids of uid " + standing.ownUid() : ""));
        }
        String groups = seen.getOrDefault("Groups", "");
        return new LayerReport.Weakened(LayerKind.USER_IDS, "uid " + uid + " is the agent's own and every sandbox's, as it has no sub-ids"
                + (standing.groupsStay() && !groups.isEmpty() ? "; the groups of that user stay (" + groups + ")" : ""));
    }

    private static LayerReport landlock(int abi, Map<String, String> seen) {
        if (abi == 0) {
            return new LayerReport.Absent(LayerKind.LANDLOCK, "not in this kernel; the policy accepts best effort");
        }
        String have = "version " + abi + (seen.containsKey("landlock.probe")
                ? ", " + seen.get("landlock.rules") + " rules, a forbidden call refused" : "");
        String gaps = String.join(", ", LandlockRights.gaps(abi));
        return gaps.isEmpty() ? new LayerReport.Enforced(LayerKind.LANDLOCK, have)
                : new LayerReport.Weakened(LayerKind.LANDLOCK, "version " + abi + " cannot refuse: " + gaps);
    }

    private static String shortened(String hash) {
        return hash.length() > 12 ? hash.substring(0, 12) : hash;
    }
}
