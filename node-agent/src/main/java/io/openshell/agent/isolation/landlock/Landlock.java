package io.openshell.agent.isolation.landlock;

import io.openshell.agent.linux.Errno;
import io.openshell.agent.linux.Fd;
import io.openshell.agent.linux.KernelException;
import io.openshell.agent.linux.Memory;
import io.openshell.agent.linux.Native;
import io.openshell.agent.linux.Sys;
import java.util.List;

/** Applies file rules to the calling thread. */
public final class Landlock {
    private static final int VERSION_QUERY = 1;
    private static final int PATH_BENEATH = 1;
    private static final int TYPE_MASK = 0xF000;
    private static final int DIRECTORY = 0x4000;

    private Landlock() {}

    /** The kernel's version, or a negated errno. */
    public static int probe() {
        return (int) Native.call(Sys.LANDLOCK_CREATE_RULESET, 0, 0, VERSION_QUERY);
    }

    /** Binds the calling thread to the rules; with no rule at all nothing is accessible. */
    public static void apply(int abi, List<LandlockRule> rules) {
        int ruleset = create(abi);
        try {
            for (LandlockRule rule : rules) {
                add(ruleset, abi, rule);
            }
            Native.check("landlock restrict", Sys.LANDLOCK_RESTRICT_SELF, ruleset, 0);
        } finally {
            Fd.close(ruleset);
        }
    }

    private static int create(int abi) {
        try (Memory m = new Memory()) {
            long attr = m.allocate(24);
            Memory.putLong(attr, LandlockRights.handled(abi));
            Memory.putLong(attr + 16, LandlockRights.scopes(abi));
            // kernels before the scopes refuse a longer structure
            int size = abi >= 6 ? 24 : abi >= 4 ? 16 : 8;
            return (int) Native.check("landlock ruleset", Sys.LANDLOCK_CREATE_RULESET, attr, size, 0);
        }
    }

    private static void add(int ruleset, int abi, LandlockRule rule) {
        long fd = Fd.open(rule.path(), Fd.O_PATH, 0);
        if (fd < 0) {
            if (!rule.required() && fd == -Errno.ENOENT) {
                return;
            }
            throw new KernelException("landlock path " + rule.path(), (int) -fd);
        }
        try (Memory m = new Memory()) {
            boolean directory = (Fd.mode((int) fd) & TYPE_MASK) == DIRECTORY;
            long attr = m.allocate(16);
            Memory.putLong(attr, LandlockRights.granted(abi, rule.writable(), directory));
            Memory.putInt(attr + 8, (int) fd);
            Native.check("landlock rule " + rule.path(), Sys.LANDLOCK_ADD_RULE, ruleset, PATH_BENEATH, attr, 0);
        } finally {
            Fd.close((int) fd);
        }
    }
}
