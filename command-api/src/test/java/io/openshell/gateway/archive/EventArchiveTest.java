package io.openshell.gateway.archive;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.openshell.gateway.archive.EventStoreStandIn.Kept;
import io.openshell.gateway.query.EventJson;
import io.openshell.gateway.time.FakeLog;
import io.openshell.log.LogFaults;
import io.openshell.model.StreamId;
import io.openshell.model.sandbox.SandboxEvent;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Against a stand-in that speaks EventStoreDB's streams protocol, through the client that talks to real servers. */
class EventArchiveTest {
    private static final StreamId DEMO = StreamId.sandbox("default", "demo");
    private static final StreamId OTHER = StreamId.sandbox("default", "other");

    @TempDir
    Path folder;

    private final FakeLog log = new FakeLog();
    private final List<String> troubles = new CopyOnWriteArrayList<>();
    private EventStoreStandIn store;

    @BeforeEach
    void listen() throws IOException {
        store = new EventStoreStandIn();
        Files.writeString(folder.resolve("connection"), store.connection() + "\n");
    }

    @AfterEach
    void end() {
        store.close();
    }

    private EventArchive archive(String positions) {
        return EventArchive.start(folder.resolve("connection"), new EventArchive.Source(log, EventJson::of, new LogFaults() {
            @Override
            public void trouble(String where, Throwable cause) {
                troubles.add(where);
            }

            @Override
            public void stopped(String where, Throwable cause) {
                throw new AssertionError(where, cause);
            }
        }, "log-1", folder.resolve(positions)));
    }

    private void write(StreamId stream, int events) {
        for (int i = 0; i < events; i++) {
            log.write(stream, "ada", new SandboxEvent.StopRequested(i));
        }
    }

    private static void until(String what, BooleanSupplier holds) {
        long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(30);
        while (!holds.getAsBoolean()) {
            assertThat(System.nanoTime() - end).as(what).isNegative();
            LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(5));
        }
    }

    private void untilUpToDate(EventArchive archive) {
        until("the archive is up to date", () -> archive.behind() == 0);
    }

    private List<String> versions(String stream) {
        return store.stream(stream).stream().map(each -> new JsonObject(each.metadata()).getLong("version").toString()).toList();
    }

    @Test
    void everyStreamOfTheLogIsAStreamOfTheStoreInItsOrder() {
        write(DEMO, 150);
        write(OTHER, 2);
        try (EventArchive archive = archive("positions")) {
            untilUpToDate(archive);
            write(DEMO, 1);
            untilUpToDate(archive);
        }

        assertThat(store.all()).containsOnlyKeys("sandbox-default/demo", "sandbox-default/other");
        assertThat(versions("sandbox-default/demo")).hasSize(151).startsWith("1", "2", "3").endsWith("150", "151");
        Kept first = store.stream("sandbox-default/other").getFirst();
        assertThat(first.type()).isEqualTo("StopRequested");
        assertThat(new JsonObject(first.metadata()).getMap()).containsEntry("actor", "ada").containsEntry("stream", "sandbox/default/other")
                .containsEntry("$correlationId", "r-ada").containsKeys("record_sha256", "previous_hash", "log_time", "origin_time");
    }

    @Test
    void gatewaysThatMirrorTheSameLogAndStartsFromNothingAddNothingTwice() {
        write(DEMO, 120);
        write(OTHER, 30);
        try (EventArchive one = archive("one"); EventArchive two = archive("two")) {
            untilUpToDate(one);
            untilUpToDate(two);
            write(OTHER, 10);
            untilUpToDate(one);
            untilUpToDate(two);
            assertThat(one.setAside() + two.setAside()).isZero();
        }
        try (EventArchive lost = archive("lost its positions")) {
            untilUpToDate(lost);
        }

        assertThat(store.stream("sandbox-default/demo")).hasSize(120);
        assertThat(store.stream("sandbox-default/other")).hasSize(40);
        assertThat(store.all()).hasSize(2);
    }

    @Test
    void aRestartGoesOnWhereTheArchiveWas() {
        write(DEMO, 5);
        try (EventArchive archive = archive("positions")) {
            untilUpToDate(archive);
        }
        write(DEMO, 2);
        try (EventArchive archive = archive("positions")) {
            untilUpToDate(archive);
        }

        assertThat(log.starts).containsExactly(0L, 5L);
        assertThat(versions("sandbox-default/demo")).containsExactly("1", "2", "3", "4", "5", "6", "7");
    }

    @Test
    void aStoreThatIsAwayIsWaitedForAndItsReturnNoticed() throws IOException {
        write(DEMO, 1);
        try (EventArchive archive = archive("positions")) {
            untilUpToDate(archive);
            store.refuse(true);
            write(DEMO, 3);
            until("the trouble is told", () -> !troubles.isEmpty());
            assertThat(archive.behind()).isEqualTo(3);
            store.refuse(false);
            untilUpToDate(archive);
            store.restart();
            write(DEMO, 1);
            untilUpToDate(archive);
        }

        assertThat(versions("sandbox-default/demo")).containsExactly("1", "2", "3", "4", "5");
    }

    @Test
    void aStoreThatWasSetUpAnewIsFilledFromTheBeginning() {
        write(DEMO, 3);
        write(OTHER, 1);
        try (EventArchive archive = archive("positions")) {
            untilUpToDate(archive);
            store.forget();
            write(DEMO, 1);
            until("all of it stands there", () -> versions("sandbox-default/demo").size() == 4 && versions("sandbox-default/other").size() == 1);
            untilUpToDate(archive);
            assertThat(archive.setAside()).isZero();
        }
    }

    @Test
    void anEventWhosePlaceIsTakenAndARecordThatCannotBeReadAreSetAsideAndTheOthersGoOn() {
        store.plant("sandbox-default/demo", new Kept("somebody's", "Other", "{}", "{\"version\":0}"));
        write(DEMO, 2);
        write(OTHER, 1);
        log.writeUnreadable(OTHER);
        try (EventArchive archive = archive("positions")) {
            untilUpToDate(archive);
            assertThat(archive.setAside()).isEqualTo(1);
        }

        assertThat(versions("sandbox-default/demo")).containsExactly("0", "2");
        assertThat(versions("sandbox-default/other")).containsExactly("1");
        assertThat(store.stream("openshell_aside-0")).extracting(Kept::type).containsExactlyInAnyOrder("StopRequested", "Unreadable");
        assertThat(store.stream("openshell_aside-0")).allSatisfy(each ->
                assertThat(new JsonObject(each.metadata()).getString("aside")).isNotEmpty());
    }

    @Test
    void anUnusableConnectionStringIsRefusedWithoutBeingRepeated() throws IOException {
        Files.writeString(folder.resolve("connection"), "http://ada:secret@store");

        assertThatThrownBy(() -> archive("positions")).isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("connection").hasMessageNotContaining("secret").hasNoCause();
    }
}
