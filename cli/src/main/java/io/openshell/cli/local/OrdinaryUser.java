package io.openshell.cli.local;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * How a program is started that has to seal sandboxes and whose user is not root: in a user namespace in which it may do to what it makes
 * itself what root may do. A process with several threads cannot enter one, and the JVM has several before it runs anything of ours, so
 * the namespace is there before the JVM is.
 *
 * @param uid of this user
 * @param name of this user
 */
record OrdinaryUser(long uid, String name) {
    private static final long SYS_ADMIN = 1L << 21;
    /** Where other users' ids begin inside; a user whose own id lies there gets the second. */
    private static final long INSIDE = 2_000_000;
    private static final long INSIDE_OTHERWISE = 4_000_000;
    private static final long MOST = 1_000_000;

    /**
     * With sub-ids when that works, else with the user's own id alone, else as it is: what then cannot be sealed is said by the program. The
     * user keeps his number inside, so that files and callers are his there, too; what he may do there has to be kept over exec.
     */
    private static final String SCRIPT = """
            own="--user --map-user=$1 --map-group=$1 --keep-caps"
            ids="--map-users=$2 --map-groups=$3"
            [ -n "$2" ] || ids=
            shift 3
            [ -z "$ids" ] || ! unshare $own $ids true 2> /dev/null || exec unshare $own $ids "$@"
            ! unshare $own true 2> /dev/null || exec unshare $own "$@"
            exec "$@"
            """;

    /** This process's user; empty when that is root, or one who may make namespaces already. */
    static Optional<OrdinaryUser> ofProcess() {
        Map<String, String> status = new LinkedHashMap<>();
        for (String line : lines(Path.of("/proc/self/status"))) {
            int colon = line.indexOf(':');
            status.put(line.substring(0, Math.max(0, colon)), line.substring(colon + 1).trim());
        }
        return of(status, System.getProperty("user.name", ""));
    }

    static Optional<OrdinaryUser> of(Map<String, String> status, String name) {
        long uid = Long.parseLong(status.getOrDefault("Uid", "0").split("\\s+")[0]);
        long may = Long.parseUnsignedLong(status.getOrDefault("CapEff", "0"), 16);
        return uid == 0 || (may & SYS_ADMIN) != 0 ? Optional.empty() : Optional.of(new OrdinaryUser(uid, name));
    }

    /** The command that runs {@code command} in a namespace of this user's. */
    List<String> inNamespace(List<String> command) {
        Optional<SubIds> users = SubIds.in(lines(Path.of("/etc/subuid")), name, uid);
        Optional<SubIds> groups = SubIds.in(lines(Path.of("/etc/subgid")), name, uid);
        return inNamespace(command, users, groups);
    }

    List<String> inNamespace(List<String> command, Optional<SubIds> users, Optional<SubIds> groups) {
        List<String> all = new ArrayList<>(List.of("/bin/sh", "-c", SCRIPT, "openshell-unshare", Long.toString(uid)));
        if (users.isPresent() && groups.isPresent()) {
            long inside = uid >= INSIDE && uid < INSIDE + MOST ? INSIDE_OTHERWISE : INSIDE;
            long most = Math.min(MOST, Math.min(users.get().count(), groups.get().count()));
            all.add(users.get().shownFrom(inside, most));
            all.add(groups.get().shownFrom(inside, most));
        } else {
            all.add("");
            all.add("");
        }
        all.addAll(command);
        return all;
    }

    private static List<String> lines(Path file) {
        try {
            return Files.readAllLines(file);
        } catch (IOException absent) {
            return List.of(); // nobody has sub-ids here, or this is no Linux
        }
    }
}
