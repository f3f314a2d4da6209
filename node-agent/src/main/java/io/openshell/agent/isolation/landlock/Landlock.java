package io.openshell.agent.isolation.landlock;

import io.openshell.agent.linux.Errno;
import io.openshell.agent.linux.Fd;
import io.openshell.agent.linux.KernelException;
import io.openshell.agent.linux.Memory;
import io.openshell.agent.linux.Native;
import io.openshell.agent.linux.Sys;
import java.util.ArrayList;
import java.util.List;

/** Applies file rules to the calling thread. */
public final class Landlock {
    private static final int VERSION_QUERY = 1;
    private static final int PATH_BENEATH = 1;
    private static final int TYPE_MASK = 0xF000;
    private static final int DIRECTORY = 0x4000;
    private static final int CHARACTER_DEVICE = 0020600;
    private static final String PROBE = "/tmp/.seal-probe";

    private Landlock() {}

    /** The kernel's version, or a negated errno. */
    public static int probe() {
        return (int) Native.call(Sys.LANDLOCK_CREATE_RULESET, 0, 0, VERSION_QUERY);
    }

    /** What was put in force: how many rules, and which paths were left out because they are not there. */
    public record Applied(int rules, List<String> absent) {}

    /**
     * Binds the calling thread to the rules; with no rule at all nothing is accessible.
     *
     * @param scopes as {@link LandlockRights#scopes} tells
     */
    public static Applied apply(int abi, List<LandlockRule> rules, long scopes) {
        int ruleset = create(abi, scopes);
        List<String> absent = new ArrayList<>();
        try {
            for (LandlockRule rule : rules) {
                if (!add(ruleset, abi, rule)) {
                    absent.add(rule.path());
                }
            }
            Native.check("landlock restrict", Sys.LANDLOCK_RESTRICT_SELF, ruleset, 0);
        } finally {
            Fd.close(ruleset);
        }
        return new Applied(rules.size() - absent.size(), absent);
    }

    /**
     * Proves on the calling thread that the rules are in force: a call that no rule ever grants and that everything else lets an
     * unprivileged process do, namely making the empty device node 0:0 in a directory it may write to. To be called after the user ids are
     * given up and before the seccomp filter, which refuses it too.
     */
    public static void prove() {
        try (Memory m = new Memory()) {
            long path = m.text(PROBE);
            long made = Native.call(Sys.MKNODAT, Fd.CWD, path, CHARACTER_DEVICE, 0);
            if (made != -Errno.EACCES) {
                Native.call(Sys.UNLINKAT, Fd.CWD, path, 0);
                throw new KernelException("the forbidden call was not refused by Landlock but ended with", made < 0 ? (int) -made : 0);
            }
        }
    }

    private static int create(int abi, long scopes) {
        try (Memory m = new Memory()) {
            long attr = m.allocate(24);
            Memory.putLong(attr, LandlockRights.handled(abi));
            Memory.putLong(attr + 16, scopes);
            // kernels before the scopes refuse a longer structure
            int size = abi >= 6 ? 24 : abi >= 4 ? 16 : 8;
            return (int) Native.check("landlock ruleset", Sys.LANDLOCK_CREATE_RULESET, attr, size, 0);
        }
    }

    private static boolean add(int ruleset, int abi, LandlockRule rule) {
        long fd = Fd.open(rule.path(), Fd.O_PATH, 0);
        if (fd < 0) {
            if (!rule.required() && fd == -Errno.ENOENT) {
                return false;
            }
            throw new KernelException("landlock path " + rule.path(), (int) -fd);
        }
        try (Memory m = new Memory()) {
            boolean directory = (Fd.mode((int) fd) & TYPE_MASK) == DIRECTORY;
            long attr = m.allocate(16);
            Memory.putLong(attr, LandlockRights.granted(abi, rule.writable(), directory));
            Memory.putInt(attr + 8, (int) fd);
            Native.check("landlock rule " + rule.path(), Sys.LANDLOCK_ADD_RULE, ruleset, PATH_BENEATH, attr, 0);
            return true;
        } finally {
            Fd.close((int) fd);
        }
    }
}
