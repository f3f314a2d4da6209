package io.openshell.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.protobuf.Timestamp;
import io.openshell.wire.control.v1.HistoryEntry;
import java.util.List;
import org.junit.jupiter.api.Test;

class EventTimesTest {
    private static final List<HistoryEntry> HISTORY = List.of(
            entry(1, "SandboxRequested", 1_000, 1_004), entry(2, "SandboxReady", 1_020, 1_023),
            entry(3, "SandboxRequested", 5_990, 5_995), entry(4, "SandboxReady", 6_001, 6_010));

    @Test
    void theWayBeginsWithTheCommandsOwnTimeAndEndsWithTheLogsTime() {
        assertThat(EventTimes.between(HISTORY.subList(0, 2), "SandboxRequested", "SandboxReady")).isEqualTo(23);
    }

    @Test
    void ofANameUsedAgainTheNewestUseCounts() {
        assertThat(EventTimes.between(HISTORY, "SandboxRequested", "SandboxReady")).isEqualTo(20);
    }

    @Test
    void thePartsTogetherAreTheWholeWay() {
        assertThat(EventTimes.parts(HISTORY, "SandboxRequested", "SandboxReady")).containsExactly(5, 6, 9);
    }

    @Test
    void anEventThatIsMissingIsNamed() {
        assertThatThrownBy(() -> EventTimes.between(HISTORY, "DeleteRequested", "SandboxDeleted"))
                .hasMessageContaining("DeleteRequested");
    }

    private static HistoryEntry entry(int version, String type, long time, long logTime) {
        return HistoryEntry.newBuilder().setVersion(version).setType(type).setTime(at(time)).setLogTime(at(logTime)).build();
    }

    private static Timestamp at(long millis) {
        return Timestamp.newBuilder().setSeconds(millis / 1000).setNanos((int) (millis % 1000) * 1_000_000).build();
    }
}
