package io.openshell.projection.fold;

import static org.assertj.core.api.Assertions.assertThat;

import io.openshell.log.kafka.KafkaActivityLog;
import io.openshell.projection.logs.LogLine;
import io.openshell.projection.logs.LogLines;
import io.openshell.wire.events.v1.ActivityRecord;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.LongStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class LogLinesOnTheLogTest {
    final String first = "s-" + UUID.randomUUID();
    final String second = "s-" + UUID.randomUUID();
    Gateway gateway;
    KafkaActivityLog activity;

    @BeforeEach
    void open() {
        gateway = new Gateway();
        activity = new KafkaActivityLog(gateway.settings, 10_000, gateway);
    }

    @AfterEach
    void close() {
        activity.close();
        gateway.close();
        assertThat(gateway.stops).isEmpty();
    }

    @Test
    void theNewestLinesOfEachSandboxSurviveARestartInOrder() {
        int written = LogLines.CAPACITY + 100;
        for (int i = 1; i <= written; i++) {
            append(first, i);
            append(second, i);
        }
        Await.until("all lines folded", () -> folded(first, written) && folded(second, written));
        List<LogLine> before = gateway.lines.newest(first, Integer.MAX_VALUE);
        gateway.close();
        gateway = new Gateway();
        assertThat(gateway.lines.newest(first, Integer.MAX_VALUE)).isEqualTo(before).hasSize(LogLines.CAPACITY);
        assertThat(before).extracting(LogLine::message).isEqualTo(
                LongStream.rangeClosed(101, written).mapToObj(i -> "line " + i).toList());
        assertThat(activity.dropped()).isZero();
    }

    @Test
    void aFollowerHearsOnlyItsSandboxAndForeignBytesAreLeftOut() throws Exception {
        List<String> heard = new CopyOnWriteArrayList<>();
        try (var subscription = gateway.lines.follow(first, line -> heard.add(line.message()))) {
            append(first, 1);
            append(second, 1);
            gateway.write("openshell.activity", 0, first, new byte[] {1, 2, 3});
            append(first, 2);
            append(second, 2);
            Await.until("lines and foreign bytes folded", () -> folded(first, 2) && folded(second, 2)
                    && gateway.lines.setAside() > 0);
        }
        append(first, 3);
        Await.until("a line after the follower left", () -> folded(first, 3));
        assertThat(heard).containsExactly("line 1", "line 2");
    }

    private boolean folded(String sandboxId, long number) {
        return gateway.lines.newest(sandboxId, 1).stream().anyMatch(line -> line.message().equals("line " + number));
    }

    private void append(String sandboxId, long number) {
        activity.append(sandboxId, ActivityRecord.newBuilder()
                .setSandboxId(sandboxId)
                .setSequence(number)
                .setAssertedBy("node:host-1")
                .setLevel("INFO")
                .setMessage("line " + number)
                .build()
                .toByteArray());
    }
}
