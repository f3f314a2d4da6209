package io.openshell.agent.isolation.resources;

import io.openshell.model.sandbox.Shares;
import java.util.ArrayList;
import java.util.List;

/** Shares as what has to be written into a group's files. Pure. */
final class ShareSettings {
    private static final long PERIOD_MICROS = 100_000;
    private static final String EQUAL_SHARES = "1024";
    private static final String EQUAL_WEIGHT = "100";

    private ShareSettings() {}

    /**
     * One write.
     *
     * @param required whether the share does not hold without it
     */
    record Setting(String file, String value, boolean required) {}

    /** What one controller is told. */
    static List<Setting> of(String controller, int version, Shares shares) {
        List<Setting> settings = new ArrayList<>();
        switch (controller) {
            case "memory" -> memory(version, shares.memoryBytes(), settings);
            case "pids" -> {
                if (shares.processes() > 0) {
                    settings.add(new Setting("pids.max", Integer.toString(shares.processes()), true));
                }
            }
            case "cpu" -> cpu(version, shares.cpuMillis(), settings);
            default -> throw new IllegalArgumentException(controller);
        }
        return settings;
    }

    private static void memory(int version, long bytes, List<Setting> settings) {
        if (bytes <= 0) {
            return;
        }
        String value = Long.toString(bytes);
        if (version == 2) {
            settings.add(new Setting("memory.max", value, true));
            settings.add(new Setting("memory.swap.max", "0", false));
        } else {
            settings.add(new Setting("memory.limit_in_bytes", value, true));
            // Without swap, and only after the smaller limit: the kernel wants this one to be no less.
            settings.add(new Setting("memory.memsw.limit_in_bytes", value, false));
        }
    }

    /** Without a share of its own a sandbox has as much as any other when all want more than there is. */
    private static void cpu(int version, long millis, List<Setting> settings) {
        settings.add(version == 2
                ? new Setting("cpu.weight", EQUAL_WEIGHT, false)
                : new Setting("cpu.shares", EQUAL_SHARES, false));
        if (millis <= 0) {
            return;
        }
        long quota = Math.max(1_000, millis * PERIOD_MICROS / 1_000);
        if (version == 2) {
            settings.add(new Setting("cpu.max", quota + " " + PERIOD_MICROS, true));
        } else {
            settings.add(new Setting("cpu.cfs_period_us", Long.toString(PERIOD_MICROS), true));
            settings.add(new Setting("cpu.cfs_quota_us", Long.toString(quota), true));
        }
    }
}
