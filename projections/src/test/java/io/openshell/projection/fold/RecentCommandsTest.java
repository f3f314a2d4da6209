package io.openshell.projection.fold;

import static org.assertj.core.api.Assertions.assertThat;

import io.openshell.model.CommandId;
import io.openshell.model.Outcome;
import io.openshell.model.Rejection;
import io.openshell.model.RejectionCode;
import io.openshell.model.StreamId;
import org.junit.jupiter.api.Test;

class RecentCommandsTest {
    final StreamId stream = StreamId.sandbox("w", "demo");

    @Test
    void theNewestAreRememberedAndOlderOnesForgotten() {
        RecentCommands recent = RecentCommands.NONE;
        int all = RecentCommands.REMEMBERED + 3;
        for (int i = 1; i <= all; i++) {
            recent = recent.with(id(i), "", at(i));
        }
        for (int i = 1; i <= 3; i++) {
            assertThat(recent.find(id(i)).map(RecentCommands.Entry::outcome)).isEmpty();
        }
        for (int i = 4; i <= all; i++) {
            assertThat(recent.find(id(i)).map(RecentCommands.Entry::outcome)).contains(at(i));
        }
    }

    @Test
    void theEventsOfOneCommandTakeOnePlaceAndTheLastOneCounts() {
        RecentCommands recent = RecentCommands.NONE.with(id(0), "", at(0));
        for (int i = 1; i <= 2 * RecentCommands.REMEMBERED; i++) {
            recent = recent.with(id(1), "", at(i));
        }
        assertThat(recent.find(id(0)).map(RecentCommands.Entry::outcome)).contains(at(0));
        assertThat(recent.find(id(1)).map(RecentCommands.Entry::outcome)).contains(at(2 * RecentCommands.REMEMBERED));
    }

    @Test
    void addingChangesNoEarlierValue() {
        RecentCommands before = RecentCommands.NONE.with(id(1), "", at(1));
        before.with(id(1), "", at(2));
        before.with(id(2), "", at(3));
        assertThat(before.find(id(1)).map(RecentCommands.Entry::outcome)).contains(at(1));
        assertThat(before.find(id(2)).map(RecentCommands.Entry::outcome)).isEmpty();
    }

    @Test
    void storedOnesAreWrittenAgainAsTheyWereAndForgottenLikeOthers() {
        Outcome refused = new Outcome.Refused(new Rejection(RejectionCode.SANDBOX_NOT_STOPPABLE, "why"));
        RecentCommands made = RecentCommands.NONE.with(id(1), "3f2a", at(1)).with(id(2), "", refused);
        StoredCommands stored = StoredCommands.of(stream, made);
        RecentCommands read = RecentCommands.of(stored);
        assertThat(StoredCommands.of(stream, read)).isSameAs(stored);
        assertThat(read.entries()).isEqualTo(made.entries());
        assertThat(read.newest().outcome()).isEqualTo(refused);

        RecentCommands next = read.with(id(3), "", at(2));
        assertThat(next.stored()).isEmpty();
        assertThat(next.entries()).startsWith(made.entries().toArray(new RecentCommands.Entry[0])).hasSize(3);
    }

    private static CommandId id(int number) {
        return new CommandId("c-" + number);
    }

    private Outcome at(int version) {
        return new Outcome.Applied(stream, version);
    }
}
