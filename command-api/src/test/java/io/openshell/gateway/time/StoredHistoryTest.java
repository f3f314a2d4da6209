package io.openshell.gateway.time;

import static org.assertj.core.api.Assertions.assertThat;

import io.openshell.model.StreamId;
import io.openshell.model.sandbox.SandboxEvent;
import io.openshell.projection.history.store.HistoryQuery;
import io.openshell.projection.history.store.StoredEvent;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class StoredHistoryTest {
    private static final HistoryQuery ALL = new HistoryQuery(Optional.empty(), Optional.empty(), Optional.empty(), Optional.empty(),
            List.of(), Optional.empty(), Optional.empty());
    private static final StreamId STREAM = StreamId.sandbox("default", "demo");

    @TempDir
    Path folder;

    private final FakeLog log = new FakeLog();

    private StoredHistory start() {
        return StoredHistory.start(folder.resolve("history.db"), event -> "{}", log);
    }

    private void write(int events) {
        for (int i = 0; i < events; i++) {
            log.write(STREAM, "ada", new SandboxEvent.StopRequested(i));
        }
    }

    @Test
    void aSearchHasEverythingThatWasServedBeforeIt() {
        write(3);
        try (StoredHistory history = start()) {
            assertThat(history.upToDate().search(ALL, 100)).hasSize(3);
            for (int i = 4; i < 20; i++) {
                write(1);
                assertThat(history.upToDate().search(ALL, 100)).hasSize(i);
            }
        }
    }

    @Test
    void aRestartGoesOnWhereTheStoreEnded() {
        write(5);
        try (StoredHistory history = start()) {
            history.upToDate();
        }
        write(2);
        try (StoredHistory history = start()) {
            assertThat(history.upToDate().search(ALL, 100)).hasSize(7);
        }
        assertThat(log.starts).containsExactly(0L, 5L);
    }

    @Test
    void aStoreOfAnotherLogIsReplacedHoweverLongThatLogIs() {
        for (int length : new int[] {0, 2, 9}) {
            log.clear();
            write(5);
            try (StoredHistory history = start()) {
                history.upToDate();
            }
            log.clear();
            for (int i = 0; i < length; i++) {
                log.write(StreamId.sandbox("default", "other"), "bob", new SandboxEvent.DeleteRequested());
            }
            try (StoredHistory history = start()) {
                assertThat(history.upToDate().search(ALL, 100)).hasSize(length)
                        .allSatisfy(event -> assertThat(event.origin().actor()).isEqualTo("bob"));
            }
        }
    }

    @Test
    void aRebuildFeedsEverythingAgainAndTellsHowFarItIs() throws SQLException {
        write(5);
        try (StoredHistory history = start()) {
            history.upToDate();
            try (Connection connection = DriverManager.getConnection("jdbc:sqlite:" + folder.resolve("history.db"));
                    Statement statement = connection.createStatement()) {
                assertThat(statement.executeUpdate("DELETE FROM events WHERE version = 2")).isEqualTo(1);
            }
            assertThat(history.upToDate().search(ALL, 100)).hasSize(4);
            List<Long> done = new ArrayList<>();
            history.rebuild((fed, total) -> {
                assertThat(total).isEqualTo(5);
                done.add(fed);
            }, Duration.ofSeconds(20));
            assertThat(done).isSorted().endsWith(5L);
            assertThat(history.upToDate().search(ALL, 100)).hasSize(5);
        }
        assertThat(log.starts).containsExactly(0L, 0L);
    }

    @Test
    void aStoreThatFailsIsReplacedAndFedAgain() throws SQLException {
        write(2);
        try (StoredHistory history = start()) {
            history.upToDate();
            try (Connection connection = DriverManager.getConnection("jdbc:sqlite:" + folder.resolve("history.db"));
                    Statement statement = connection.createStatement()) {
                statement.execute("PRAGMA busy_timeout = 5000");
                statement.execute("DROP TABLE positions");
            }
            write(1);
            // Without its table of positions the store cannot be fed; the next opening replaces it.
            assertThat(history.upToDate().search(ALL, 100)).hasSize(3);
        }
    }

    @Test
    void aFollowerIsToldOfEachEventOnceAlsoOverARebuild() {
        write(3);
        try (StoredHistory history = start()) {
            history.upToDate();
            List<StoredEvent> told = new CopyOnWriteArrayList<>();
            StoreFollowers.Start start = history.followers().follow(told::add);
            assertThat(start.from()).containsEntry(0, 3L);
            write(2);
            history.rebuild((fed, total) -> {}, Duration.ofSeconds(20));
            write(1);
            history.upToDate();
            assertThat(told.stream().map(StoredEvent::version)).containsExactly(4L, 5L, 6L);
            start.subscription().close();
            write(1);
            history.upToDate();
            assertThat(told).hasSize(3);
        }
    }
}
