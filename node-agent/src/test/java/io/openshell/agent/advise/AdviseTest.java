package io.openshell.agent.advise;

import static org.assertj.core.api.Assertions.assertThat;

import io.openshell.agent.desired.DesiredListener;
import io.openshell.model.sandbox.Session;
import io.openshell.proxy.Circumstances;
import io.openshell.proxy.Verdict;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;

/** What an advisor keeps, and how those who wait are told. */
class AdviseTest {
    private static Verdict verdict(int number, boolean allowed, String reason) {
        return new Verdict(Instant.EPOCH, "s1", allowed, "NET:OPEN", "/usr/bin/curl", 7, "h" + number + ":443", "-", "l4",
                Optional.empty(), reason, "d" + number, 1, Circumstances.UNKNOWN);
    }

    @Test
    void theNewestRefusalsAreKeptNewestFirstAndEverythingIsPassedOn() {
        List<Verdict> passed = new ArrayList<>();
        RecentDenials denials = new RecentDenials(passed::add);
        denials.record(verdict(0, true, ""));
        for (int i = 1; i <= 150; i++) {
            denials.record(verdict(i, false, "no"));
        }
        assertThat(passed).hasSize(151);
        assertThat(denials.newest(2)).hasSize(2).first().asString().startsWith("1970-01-01T00:00:00Z OCSF NET:OPEN").contains("h150:443");
        assertThat(denials.newest(500)).hasSize(RecentDenials.MOST).last().asString().contains("h51:443");
    }

    @Test
    void waitsEndWhenTheirConditionHoldsWhenTheirTimeIsOverOrWhenTheyAreLetGo() throws Exception {
        List<String> told = new ArrayList<>();
        FeedWaits waits = new FeedWaits(new DesiredListener() {
            @Override
            public void onChanged(String sandboxId) {
                told.add(sandboxId);
            }

            @Override
            public void onSession(String sandboxId, Session session) {}
        });
        AtomicBoolean ready = new AtomicBoolean();
        CompletableFuture<Boolean> wait = waits.until("s1", ready::get, Duration.ofSeconds(60));
        waits.onChanged("s1");
        assertThat(wait).isNotDone();
        ready.set(true);
        waits.onChanged("s2");
        assertThat(wait).isNotDone();
        waits.onChanged("s1");
        assertThat(wait).isCompletedWithValue(true);
        assertThat(told).containsExactly("s1", "s2", "s1");

        assertThat(waits.until("s1", () -> true, Duration.ofSeconds(60))).isCompletedWithValue(true);
        assertThat(waits.until("s1", () -> false, Duration.ofMillis(1)).get()).isFalse();
        CompletableFuture<Boolean> left = waits.until("s1", () -> {
            throw new IllegalStateException("asked although it was let go");
        }, Duration.ofSeconds(60));
        assertThat(left).isCompletedExceptionally();
    }

    @Test
    void aSandboxMayAskOftenForAShortTimeAndSeldomForALongOne() {
        ProposalRate rate = new ProposalRate();
        long now = Long.MAX_VALUE - 5;
        for (int i = 0; i < ProposalRate.BURST; i++) {
            assertThat(rate.take(now)).as("number %d", i).isZero();
        }
        assertThat(rate.take(now)).isBetween(10L, 11L);
        assertThat(rate.take(now + Duration.ofSeconds(11).toNanos())).isZero();
        assertThat(rate.take(now + Duration.ofSeconds(11).toNanos())).isPositive();
        assertThat(rate.take(now + Duration.ofHours(1).toNanos())).isZero();
    }
}
