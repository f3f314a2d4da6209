package io.openshell.agent.report;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.InvalidProtocolBufferException;
import io.openshell.log.ActivityLog;
import io.openshell.model.egress.ReasonCode;
import io.openshell.proxy.Circumstances;
import io.openshell.proxy.Verdict;
import io.openshell.wire.events.v1.ActivityRecord;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

class SandboxLogTest {

    private static final Instant NOON = Instant.parse("2026-03-01T12:00:00Z");

    private final List<ActivityRecord> lines = new CopyOnWriteArrayList<>();
    private final SandboxLog log = new SandboxLog(new Keeper(), "n1", "s1", Clock.fixed(NOON, ZoneOffset.UTC));

    private final class Keeper implements ActivityLog {
        @Override
        public void append(String sandboxId, byte[] record) {
            assertThat(sandboxId).isEqualTo("s1");
            try {
                lines.add(ActivityRecord.parseFrom(record));
            } catch (InvalidProtocolBufferException e) {
                throw new AssertionError(e);
            }
        }

        @Override
        public long dropped() {
            return 0;
        }

        @Override
        public void close() {
            lines.clear();
        }
    }

    private static Verdict denied(String target, Instant at) {
        return new Verdict(at, "s1", false, "HTTP:GET", "/usr/bin/curl", 12, target, "-", "l4",
                Optional.of(ReasonCode.IDENTITY_UNKNOWN), "no policy allows it", "d-1", 7, Circumstances.UNKNOWN);
    }

    @Test
    void linesAreNumberedFromOneWithoutGaps() {
        log.info("one");
        log.error("two");
        log.record(denied("GET http://h:80/", NOON));
        assertThat(lines).extracting(ActivityRecord::getSequence).containsExactly(1L, 2L, 3L);
        assertThat(lines).extracting(ActivityRecord::getLevel).containsExactly("INFO", "ERROR", "OCSF");
        assertThat(lines).extracting(ActivityRecord::getTarget).containsExactly("agent", "agent", "proxy");
        assertThat(lines).allSatisfy(line -> {
            assertThat(line.getSandboxId()).isEqualTo("s1");
            assertThat(line.getAssertedBy()).isEqualTo("node:n1");
        });
    }

    @Test
    void aVerdictKeepsItsOwnTimeAndTellsWhoWasDeniedWhat() {
        log.record(denied("GET http://h:80/x", NOON.minusSeconds(9)));
        ActivityRecord line = lines.get(0);
        assertThat(line.getTime().getSeconds()).isEqualTo(NOON.minusSeconds(9).getEpochSecond());
        assertThat(line.getMessage()).isEqualTo("HTTP:GET [MED] DENIED /usr/bin/curl(12) -> GET http://h:80/x"
                + " [policy:- engine:l4] [reason:no policy allows it]");
        assertThat(line.getFieldsMap()).containsEntry("decision_id", "d-1").containsEntry("policy_generation", "7")
                .containsEntry("reason_code", "IDENTITY_UNKNOWN");
    }

    @Test
    void aWorkloadCannotBreakALine() {
        log.record(denied("GET http://h:80/\nHTTP:GET [INFO] ALLOWED", NOON));
        assertThat(lines.get(0).getMessage()).doesNotContain("\n");
    }

    @Test
    void numbersArriveInOrderFromManyThreads() throws Exception {
        int threads = 8;
        int each = 500;
        CountDownLatch go = new CountDownLatch(1);
        List<Thread> writers = IntStream.range(0, threads).mapToObj(t -> Thread.ofPlatform().start(() -> {
            try {
                go.await();
            } catch (InterruptedException e) {
                return;
            }
            for (int i = 0; i < each; i++) {
                log.info("line");
            }
        })).toList();
        go.countDown();
        for (Thread writer : writers) {
            writer.join(20_000);
        }
        assertThat(lines).extracting(ActivityRecord::getSequence)
                .isEqualTo(LongStream.rangeClosed(1, threads * each).boxed().toList());
    }
}
