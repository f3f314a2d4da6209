package io.openshell.agent.launcher;

import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * One start of a sandbox, as it is written down so that a later agent can find it again. Holds no secret. Immutable.
 *
 * @param boot the start of the machine it belongs to
 * @param start which start of the sandbox it is
 * @param uid user id of its processes
 * @param holder outside of it, keeps the agent's ends of its streams open
 * @param namespaces of its PID 1, by kind
 * @param held numbers of what the holder keeps, by name
 */
record RunRecord(String boot, Start start, int uid, ProcessMark init, ProcessMark main, ProcessMark holder,
        Map<String, String> namespaces, Map<String, Integer> held) {
    /** Kinds of namespaces it has of its own. */
    static final List<String> KINDS = List.of("mnt", "net", "ipc", "uts", "pid");

    private static final String NAMESPACE = "ns.";
    private static final String HELD = "fd.";

    RunRecord {
        namespaces = Map.copyOf(namespaces);
        held = Map.copyOf(held);
    }

    /**
     * What the log knows a start by.
     *
     * @param revision of the policy it was sealed with
     */
    record Start(long epoch, String instance, int revision, boolean tty) {}

    /** With another holder. */
    RunRecord with(ProcessMark nextHolder, Map<String, Integer> nextHeld) {
        return new RunRecord(boot, start, uid, init, main, nextHolder, namespaces, nextHeld);
    }

    /** The namespaces a process is in. */
    static Map<String, String> namespacesOf(int pid) throws IOException {
        Map<String, String> found = new LinkedHashMap<>();
        for (String kind : KINDS) {
            found.put(kind, ProcFiles.namespace(pid, kind).orElseThrow(() -> new IOException("process " + pid + " is gone")));
        }
        return found;
    }

    /** One line per fact. */
    String text() {
        Map<String, String> facts = new TreeMap<>();
        facts.put("boot", boot);
        facts.put("epoch", Long.toString(start.epoch()));
        facts.put("instance", start.instance());
        facts.put("revision", Integer.toString(start.revision()));
        facts.put("tty", Boolean.toString(start.tty()));
        facts.put("uid", Integer.toString(uid));
        put(facts, "init", init);
        put(facts, "main", main);
        put(facts, "holder", holder);
        namespaces.forEach((kind, name) -> facts.put(NAMESPACE + kind, name));
        held.forEach((name, number) -> facts.put(HELD + name, number.toString()));
        List<String> lines = new ArrayList<>();
        facts.forEach((name, value) -> lines.add(name + "=" + value));
        return String.join("\n", lines) + "\nend\n";
    }

    private static void put(Map<String, String> facts, String name, ProcessMark mark) {
        facts.put(name, mark.pid() + " " + mark.start());
    }

    /** Reads {@link #text}; empty when it was cut short or is no such text. */
    static Optional<RunRecord> parse(String text) {
        Map<String, String> facts = new LinkedHashMap<>();
        List<String> lines = text.lines().toList();
        if (lines.isEmpty() || !lines.getLast().equals("end")) {
            return Optional.empty();
        }
        for (String line : lines.subList(0, lines.size() - 1)) {
            int equals = line.indexOf('=');
            if (equals < 0) {
                return Optional.empty();
            }
            facts.put(line.substring(0, equals), line.substring(equals + 1));
        }
        try {
            return Optional.of(of(facts));
        } catch (IllegalArgumentException malformed) {
            return Optional.empty();
        }
    }

    private static RunRecord of(Map<String, String> facts) {
        Map<String, String> namespaces = new LinkedHashMap<>();
        Map<String, Integer> held = new LinkedHashMap<>();
        facts.forEach((name, value) -> {
            if (name.startsWith(NAMESPACE)) {
                namespaces.put(name.substring(NAMESPACE.length()), value);
            } else if (name.startsWith(HELD)) {
                held.put(name.substring(HELD.length()), Integer.valueOf(value));
            }
        });
        Start start = new Start(Long.parseLong(fact(facts, "epoch")), fact(facts, "instance"),
                Integer.parseInt(fact(facts, "revision")), Boolean.parseBoolean(fact(facts, "tty")));
        return new RunRecord(fact(facts, "boot"), start, Integer.parseInt(fact(facts, "uid")), mark(facts, "init"),
                mark(facts, "main"), mark(facts, "holder"), namespaces, held);
    }

    private static ProcessMark mark(Map<String, String> facts, String name) {
        String[] parts = fact(facts, name).split(" ");
        if (parts.length != 2) {
            throw new IllegalArgumentException(name);
        }
        return new ProcessMark(Integer.parseInt(parts[0]), parts[1]);
    }

    private static String fact(Map<String, String> facts, String name) {
        String value = facts.get(name);
        if (value == null) {
            throw new IllegalArgumentException(name);
        }
        return value;
    }
}
