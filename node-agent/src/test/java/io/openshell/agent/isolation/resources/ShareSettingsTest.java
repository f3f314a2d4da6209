package io.openshell.agent.isolation.resources;

import static org.assertj.core.api.Assertions.assertThat;

import io.openshell.agent.isolation.resources.ShareSettings.Setting;
import io.openshell.model.sandbox.Shares;
import org.junit.jupiter.api.Test;

class ShareSettingsTest {
    private static final Shares SHARES = new Shares(1500, 1 << 30, 200, 0);

    @Test
    void bothVersionsAreToldTheSame() {
        assertThat(ShareSettings.of("memory", 2, SHARES)).containsExactly(
                new Setting("memory.max", "1073741824", true), new Setting("memory.swap.max", "0", false));
        assertThat(ShareSettings.of("memory", 1, SHARES)).containsExactly(
                new Setting("memory.limit_in_bytes", "1073741824", true), new Setting("memory.memsw.limit_in_bytes", "1073741824", false));
        assertThat(ShareSettings.of("pids", 2, SHARES)).containsExactly(new Setting("pids.max", "200", true));
        assertThat(ShareSettings.of("cpu", 2, SHARES)).contains(new Setting("cpu.max", "150000 100000", true));
        assertThat(ShareSettings.of("cpu", 1, SHARES)).contains(
                new Setting("cpu.cfs_period_us", "100000", true), new Setting("cpu.cfs_quota_us", "150000", true));
    }

    @Test
    void whatIsLeftToTheNodeIsNotLimitedButWeighed() {
        assertThat(ShareSettings.of("memory", 1, Shares.USUAL)).isEmpty();
        assertThat(ShareSettings.of("pids", 2, Shares.USUAL)).isEmpty();
        assertThat(ShareSettings.of("cpu", 2, Shares.USUAL)).containsExactly(new Setting("cpu.weight", "100", false));
    }
}
