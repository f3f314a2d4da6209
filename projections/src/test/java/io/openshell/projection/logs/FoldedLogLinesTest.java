package io.openshell.projection.logs;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.Timestamp;
import io.openshell.log.LogRecord;
import io.openshell.log.Position;
import io.openshell.projection.Subscription;
import io.openshell.wire.events.v1.ActivityRecord;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;

class FoldedLogLinesTest {
    final FoldedLogLines lines = new FoldedLogLines(3, 100_000);

    @Test
    void theNewestLinesComeOldestFirst() {
        for (int i = 1; i <= 5; i++) {
            take(line("a", i, "node:n", "m" + i));
        }
        assertThat(messages("a", 3)).containsExactly("m3", "m4", "m5");
        assertThat(messages("a", 100)).hasSize(5);
        assertThat(messages("a", 0)).isEmpty();
        assertThat(messages("other", 10)).isEmpty();
    }

    @Test
    void theNumberOfLinesOfASandboxIsBounded() {
        for (int i = 1; i <= LogLines.CAPACITY + 5; i++) {
            take(line("a", i, "node:n", "m" + i));
        }
        assertThat(messages("a", Integer.MAX_VALUE)).hasSize(LogLines.CAPACITY).startsWith("m6");
    }

    @Test
    void theCharactersInAllAreBounded() {
        for (int i = 1; i <= 60; i++) {
            take(line("a", i, "node:n", "x".repeat(1_000)));
            take(line("b", i, "node:n", "x".repeat(1_000)));
        }
        // The one not written to last gave way, more than once, and started anew.
        assertThat(messages("a", 100).size() + messages("b", 100).size()).isBetween(1, 100);
        assertThat(messages("b", 100)).isNotEmpty();
    }

    @Test
    void aHugeMessageIsCutOff() {
        take(line("a", 1, "node:n", "x".repeat(ActivityLine.MOST_MESSAGE * 3)));
        assertThat(messages("a", 1).getFirst()).hasSize(ActivityLine.MOST_MESSAGE + 2);
    }

    @Test
    void theSandboxUnusedLongestGivesWay() {
        take(line("a", 1, "node:n", "m"));
        take(line("b", 1, "node:n", "m"));
        take(line("c", 1, "node:n", "m"));
        take(line("a", 2, "node:n", "m"));
        take(line("d", 1, "node:n", "m"));
        assertThat(messages("b", 10)).isEmpty();
        assertThat(messages("a", 10)).hasSize(2);
        lines.forget("a");
        assertThat(messages("a", 10)).isEmpty();
    }

    @Test
    void aGapInAWritersNumbersIsShownWhereItIs() {
        take(line("a", 1, "node:n", "m1"));
        take(line("a", 4, "node:n", "m4"));
        assertThat(messages("a", 10)).containsExactly("m1", "2 lines of node:n were lost", "m4");
    }

    @Test
    void numbersOfOtherSandboxesAndWritersAndARestartAreNoGap() {
        take(line("a", 7, "node:n", "m1"));
        take(line("b", 1, "node:n", "m2"));
        take(line("a", 8, "node:n", "m3"));
        take(line("a", 50, "gateway:g", "m4"));
        take(line("a", 1, "node:n", "m5"));
        assertThat(messages("a", 10)).containsExactly("m1", "m3", "m4", "m5");
        assertThat(lines.newest("a", 10)).extracting(LogLine::source)
                .containsExactly("sandbox", "sandbox", "gateway", "sandbox");
    }

    @Test
    void whatCannotBeReadIsCountedAndTheRestGoesOn() {
        take(line("a", 1, "node:n", "m1"));
        lines.onRecords(List.of(
                new LogRecord(new Position(0, 1), Instant.EPOCH, "a", new byte[] {1, 2, 3}),
                record("a", ActivityRecord.newBuilder().setSandboxId("another").build()),
                record("a", ActivityRecord.newBuilder()
                        .setSandboxId("a")
                        .setTime(Timestamp.newBuilder().setSeconds(Long.MAX_VALUE))
                        .build()),
                line("a", 2, "node:n", "m2")));
        assertThat(messages("a", 10)).containsExactly("m1", "m2");
        assertThat(lines.setAside()).isEqualTo(3);
    }

    @Test
    void aFollowerThatFailsIsDroppedAndOthersGoOn() {
        List<String> heard = new ArrayList<>();
        lines.follow("a", line -> {
            throw new IllegalStateException("broken");
        });
        lines.follow("a", line -> heard.add(line.message()));
        take(line("a", 1, "node:n", "m1"));
        take(line("a", 2, "node:n", "m2"));
        assertThat(heard).containsExactly("m1", "m2");
    }

    @Test
    void aFollowerMayLeaveWhileItIsToldAndLeavingTwiceTouchesNoOther() {
        List<String> heard = new ArrayList<>();
        AtomicReference<Subscription> own = new AtomicReference<>();
        own.set(lines.follow("a", line -> own.get().close()));
        var listener = (Consumer<LogLine>) line -> heard.add(line.message());
        Subscription first = lines.follow("a", listener);
        lines.follow("a", listener);
        take(line("a", 1, "node:n", "m1"));
        first.close();
        first.close();
        take(line("a", 2, "node:n", "m2"));
        assertThat(heard).containsExactly("m1", "m1", "m2");
    }

    private List<String> messages(String sandboxId, int count) {
        return lines.newest(sandboxId, count).stream().map(LogLine::message).toList();
    }

    private void take(LogRecord record) {
        lines.onRecords(List.of(record));
    }

    private static LogRecord line(String sandboxId, long sequence, String writer, String message) {
        return record(sandboxId, ActivityRecord.newBuilder()
                .setSandboxId(sandboxId)
                .setSequence(sequence)
                .setAssertedBy(writer)
                .setLevel("INFO")
                .setMessage(message)
                .build());
    }

    private static LogRecord record(String key, ActivityRecord record) {
        return new LogRecord(new Position(0, 0), Instant.EPOCH, key, record.toByteArray());
    }
}
