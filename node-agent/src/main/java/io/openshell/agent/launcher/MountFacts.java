package io.openshell.agent.launcher;

import io.openshell.agent.isolation.mounts.MountStep;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/** What a sandbox's mount table shows, against what was planned. Pure but for {@link #of(int)}. */
final class MountFacts {
    /** File systems through which a machine is run; none may be in a sandbox's view. */
    private static final Set<String> OF_THE_MACHINE = Set.of("sysfs", "cgroup", "cgroup2", "securityfs", "debugfs", "tracefs", "bpf", "configfs",
            "efivarfs", "pstore", "fusectl", "binfmt_misc", "selinuxfs", "rpc_pipefs");
    private final Map<String, Mount> byTarget = new TreeMap<>();
    private final List<Mount> all = new ArrayList<>();

    /** One line: the last one for a target is the one in sight. */
    private record Mount(String target, Set<String> options, boolean shared, String type) {}

    private MountFacts(List<String> lines) {
        for (String line : lines) {
            Mount mount = parse(line);
            all.add(mount);
            byTarget.put(mount.target(), mount);
        }
    }

    /** The mount table in which process {@code pid} lives. */
    static MountFacts of(int pid) throws IOException {
        return new MountFacts(Files.readAllLines(Path.of("/proc", Integer.toString(pid), "mountinfo")));
    }

    /** A mount table in the kernel's text form. */
    static MountFacts parse(List<String> lines) {
        return new MountFacts(lines);
    }

    private static Mount parse(String line) {
        String[] halves = line.split(" - ", 2);
        String[] fields = halves[0].split(" ");
        boolean shared = false;
        for (int i = 6; i < fields.length; i++) {
            shared |= fields[i].startsWith("shared:");
        }
        return new Mount(decoded(fields[4]), Set.of(fields[5].split(",")), shared, halves[1].split(" ")[0]);
    }

    /** The kernel writes white space and backslashes of a path as octal numbers. */
    private static String decoded(String path) {
        StringBuilder out = new StringBuilder();
        for (int i = 0; i < path.length(); i++) {
            if (path.charAt(i) == '\\' && i + 3 < path.length()) {
                out.append((char) Integer.parseInt(path.substring(i + 1, i + 4), 8));
                i += 3;
            } else {
                out.append(path.charAt(i));
            }
        }
        return out.toString();
    }

    /** A line per fact for the attestation. */
    Map<String, String> seen() {
        Map<String, String> facts = new LinkedHashMap<>();
        long readOnly = all.stream().filter(m -> m.options().contains("ro")).count();
        facts.put("mounts", all.size() + " mounts, " + readOnly + " read-only");
        facts.put("mounts.types", String.join(",", new TreeSet<>(all.stream().map(Mount::type).toList())));
        Mount root = byTarget.get("/");
        facts.put("mounts.root", root == null ? "missing" : root.type() + " " + (root.options().contains("ro") ? "ro" : "rw"));
        return facts;
    }

    /** What is not as it must be; empty when all is well. */
    List<String> wrong(List<MountStep> planned) {
        List<String> wrong = new ArrayList<>();
        for (Mount mount : all) {
            if (!mount.options().contains("nosuid")) {
                wrong.add("mount " + mount.target() + " honours set-user-id");
            }
            if (!mount.options().contains("nodev") && !mount.target().startsWith("/dev") && !mount.target().startsWith("/proc/")) {
                wrong.add("mount " + mount.target() + " allows devices");
            }
            if (mount.shared()) {
                wrong.add("mount " + mount.target() + " is shared with others");
            }
            if (OF_THE_MACHINE.contains(mount.type())) {
                wrong.add("mount " + mount.target() + " shows the machine's " + mount.type());
            }
        }
        expectReadOnly("/", wrong);
        planned.forEach(step -> check(step, wrong));
        return wrong;
    }

    private void check(MountStep step, List<String> wrong) {
        switch (step) {
            case MountStep.Directory d -> { }
            case MountStep.Link l -> { }
            case MountStep.Bind b -> expect(b.target(), "", wrong);
            case MountStep.Fresh f -> expect(f.target(), f.type(), wrong);
            case MountStep.Proc p -> expect("/proc", "proc", wrong);
            case MountStep.ReadOnlyInPlace r -> expectReadOnly(r.target(), wrong);
            case MountStep.Restrict r -> {
                if (r.readOnly()) {
                    expectReadOnly(r.target(), wrong);
                }
            }
        }
    }

    private void expect(String target, String type, List<String> wrong) {
        Mount mount = byTarget.get(target);
        if (mount == null) {
            wrong.add("mount " + target + " is missing");
        } else if (!type.isEmpty() && !mount.type().equals(type)) {
            wrong.add("mount " + target + " is " + mount.type());
        }
    }

    private void expectReadOnly(String target, List<String> wrong) {
        Mount mount = byTarget.get(target);
        if (mount == null) {
            wrong.add("mount " + target + " is missing");
        } else if (!mount.options().contains("ro")) {
            wrong.add("mount " + target + " is writable");
        }
    }
}
