package io.openshell.projection.history.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.openshell.log.LogRecord;
import io.openshell.log.Position;
import io.openshell.model.Event;
import io.openshell.model.StreamId;
import io.openshell.model.sandbox.SandboxEvent;
import io.openshell.model.sandbox.SandboxRequest;
import io.openshell.projection.fold.Written;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class HistoryStoreTest {
    private static final HistoryQuery ALL = new HistoryQuery(Optional.empty(), Optional.empty(), Optional.empty(), Optional.empty(),
            List.of(), Optional.empty(), Optional.empty());
    private static final Function<Event, String> BODY = event -> "{\"of\":\"" + event.getClass().getSimpleName() + "\"}";

    @TempDir
    Path folder;

    private Path file;
    private List<LogRecord> demo;
    private List<LogRecord> other;

    @BeforeEach
    void write() {
        file = folder.resolve("history.db");
        StreamId stream = StreamId.sandbox("default", "demo");
        Written written = new Written(stream);
        SandboxRequest request = new SandboxRequest("id", "demo", "default", Map.of(), Map.of(),
                new SandboxRequest.Launch(List.of("sh"), false, Map.of("TOKEN", "very-secret-value"), ""));
        written.command("c1", new SandboxEvent.SandboxRequested(request), new SandboxEvent.SandboxAssigned("n1", 1));
        written.command("c2", new SandboxEvent.StopRequested(1));
        demo = at(written.records(), 0, 100);
        Written second = new Written(StreamId.sandbox("default", "other"));
        second.command("c3", Written.created(StreamId.sandbox("default", "other")));
        other = at(second.records(), 1, 101);
    }

    /** The same records in another partition, one second apart. */
    private static List<LogRecord> at(List<LogRecord> records, int partition, long second) {
        List<LogRecord> moved = new ArrayList<>();
        for (LogRecord record : records) {
            moved.add(new LogRecord(new Position(partition, moved.size() * 2L), Instant.ofEpochSecond(second + moved.size()),
                    record.key(), record.value()));
        }
        return moved;
    }

    private HistoryStore filled() {
        HistoryStore store = HistoryStore.open(file, BODY);
        store.append(demo);
        store.append(other);
        return store;
    }

    private static List<String> ids(List<StoredEvent> events) {
        return events.stream().map(StoredEvent::eventId).toList();
    }

    @Test
    void everyEventIsFoundOnceInTheOrderOfLogTime() {
        try (HistoryStore store = filled()) {
            assertThat(store.opening()).isEqualTo(HistoryStore.Opening.NEW);
            List<StoredEvent> found = store.search(ALL, 100);
            assertThat(ids(found)).containsExactly("sandbox/default/demo@1", "sandbox/default/demo@2", "sandbox/default/other@1",
                    "sandbox/default/demo@3", "sandbox/default/other@2", "sandbox/default/other@3");
            StoredEvent first = found.get(0);
            assertThat(first).isEqualTo(StoredEvent.of(demo.get(0), BODY));
            assertThat(first.body()).isEqualTo("{\"of\":\"SandboxRequested\"}");
            assertThat(first.origin().actor()).isEqualTo("ada");
            assertThat(first.logTime()).isEqualTo(Instant.ofEpochSecond(100));
        }
    }

    @Test
    void eachFilterLeavesOutWhatItDoesNotName() {
        try (HistoryStore store = filled()) {
            HistoryQuery one = new HistoryQuery(Optional.of("sandbox/default/demo"), Optional.of(Instant.ofEpochSecond(101)),
                    Optional.of(Instant.ofEpochSecond(102)), Optional.of("ada"), List.of("StopRequested", "SandboxReady"),
                    Optional.of("c"), Optional.empty());
            assertThat(ids(store.search(one, 100))).containsExactly("sandbox/default/demo@3");
            assertThat(store.search(query(Optional.of("sandbox/default/none"), List.of()), 100)).isEmpty();
            assertThat(store.search(query(Optional.empty(), List.of("SandboxAssigned")), 100)).hasSize(2);
            for (HistoryQuery query : List.of(one, ALL, query(Optional.of("sandbox/default/other"), List.of("SandboxAssigned")))) {
                List<StoredEvent> all = store.search(ALL, 100);
                assertThat(store.search(query, 100)).as("matching in memory is the same as in SQL")
                        .isEqualTo(all.stream().filter(query::matches).toList());
            }
        }
    }

    private static HistoryQuery query(Optional<String> stream, List<String> types) {
        return new HistoryQuery(stream, Optional.empty(), Optional.empty(), Optional.empty(), types, Optional.empty(), Optional.empty());
    }

    @Test
    void aValueIsNeverReadAsSql() {
        try (HistoryStore store = filled()) {
            assertThat(store.search(query(Optional.of("x' OR '1'='1"), List.of("a') OR (1=1")), 100)).isEmpty();
        }
    }

    @Test
    void pagesGoOnWhereTheyEnded() {
        try (HistoryStore store = filled()) {
            List<StoredEvent> paged = new ArrayList<>();
            HistoryQuery query = ALL;
            for (List<StoredEvent> page = store.search(query, 2); !page.isEmpty(); page = store.search(query, 2)) {
                paged.addAll(page);
                query = query.after(PageToken.parse(PageToken.of(page.get(page.size() - 1)).toString()));
            }
            assertThat(paged).isEqualTo(store.search(ALL, 100));
        }
        assertThatThrownBy(() -> PageToken.parse("1.2")).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void aRestartGoesOnAtThePositionAndNothingIsDoubled() {
        try (HistoryStore store = HistoryStore.open(file, BODY)) {
            store.append(demo.subList(0, 2));
            assertThat(store.positions()).isEqualTo(Map.of(0, 3L));
        }
        try (HistoryStore store = HistoryStore.open(file, BODY)) {
            assertThat(store.opening()).isEqualTo(HistoryStore.Opening.CONTINUED);
            assertThat(store.positions()).isEqualTo(Map.of(0, 3L));
            store.append(demo);
            store.append(other);
            assertThat(store.search(ALL, 100)).hasSize(6);
            assertThat(store.positions()).isEqualTo(Map.of(0, 5L, 1, 5L));
        }
    }

    @Test
    void plainSqlCanAskWhileTheStoreIsFed() throws SQLException {
        try (HistoryStore store = HistoryStore.open(file, BODY);
                Connection connection = DriverManager.getConnection("jdbc:sqlite:" + file);
                Statement statement = connection.createStatement()) {
            store.append(demo);
            try (ResultSet rows = statement.executeQuery("SELECT type, actor, actor_kind, correlation_id, command_id, origin_time,"
                    + " log_time, summary, body FROM events WHERE stream LIKE '%demo' ORDER BY version")) {
                assertThat(rows.next()).isTrue();
                assertThat(rows.getString("type")).isEqualTo("SandboxRequested");
                assertThat(rows.getString("log_time")).isEqualTo("1970-01-01T00:01:40.000000000Z");
            }
            store.append(other);
        }
    }

    @Test
    void theFileHoldsNoPrivateValueAndIsItsOwnersOnly() throws IOException {
        try (HistoryStore store = filled()) {
            assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file))).isEqualTo("rw-------");
            for (String each : List.of("", "-wal")) {
                Path part = Path.of(file + each);
                assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(part))).isEqualTo("rw-------");
                assertThat(new String(Files.readAllBytes(part), StandardCharsets.ISO_8859_1)).doesNotContain("very-secret-value");
            }
            assertThat(new String(demo.get(0).value(), StandardCharsets.ISO_8859_1)).contains("very-secret-value");
        }
    }

    @Test
    void aFileThatIsNoStoreIsReplaced() throws IOException {
        Files.writeString(file, "this is not a database, and long enough to be looked at as one".repeat(100));
        assertReplaced();
    }

    @Test
    void aDamagedFileIsReplaced() throws IOException {
        try (HistoryStore store = filled()) {
            assertThat(store.search(ALL, 1)).hasSize(1);
        }
        try (RandomAccessFile bytes = new RandomAccessFile(file.toFile(), "rw")) {
            assertThat(bytes.length()).isGreaterThan(8_192);
            for (long page = 4_096; page < bytes.length(); page += 4_096) {
                bytes.seek(page);
                bytes.write(new byte[] {(byte) 0xff, 0x13, 0x37, (byte) 0xff, (byte) 0xff, (byte) 0xff, 1, 2, 3});
            }
        }
        assertReplaced();
    }

    @Test
    void aStoreOfAnotherSchemaIsReplaced() throws SQLException {
        filled().close();
        try (Connection connection = DriverManager.getConnection("jdbc:sqlite:" + file); Statement statement = connection.createStatement()) {
            statement.execute("PRAGMA user_version = 99");
        }
        assertReplaced();
    }

    @Test
    void aStoreThatLacksATableIsReplaced() throws SQLException {
        filled().close();
        try (Connection connection = DriverManager.getConnection("jdbc:sqlite:" + file); Statement statement = connection.createStatement()) {
            statement.execute("DROP TABLE positions");
        }
        assertReplaced();
    }

    private void assertReplaced() {
        try (HistoryStore store = HistoryStore.open(file, BODY)) {
            assertThat(store.opening()).isEqualTo(HistoryStore.Opening.REPLACED);
            assertThat(store.positions()).isEmpty();
            store.append(demo);
            assertThat(store.search(ALL, 100)).hasSize(3);
        }
    }

    @Test
    void aRecordThatCannotBeReadHasARowThatSaysSo() {
        try (HistoryStore store = HistoryStore.open(file, BODY)) {
            store.append(List.of(new LogRecord(new Position(2, 7), Instant.ofEpochSecond(9), "sandbox/default/x", new byte[] {1, 2, 3})));
            StoredEvent row = store.search(ALL, 1).get(0);
            assertThat(row.type()).isEqualTo(StoredEvent.UNREADABLE);
            assertThat(row.summary()).startsWith("cannot be read");
        }
    }

    @Test
    void aStoreThatCannotBeOpenedIsNoDamage() {
        assertThatThrownBy(() -> HistoryStore.open(folder.resolve("none/history.db"), BODY))
                .isInstanceOfSatisfying(StoreFailed.class, failed -> assertThat(failed.damaged()).isFalse());
    }

    @Test
    void aCheckNamesTheFirstRowThatDiffers() throws SQLException {
        try (HistoryStore store = filled()) {
            assertThat(checked(store)).isEmpty();
            change("UPDATE events SET summary = 'nothing happened' WHERE event_id = 'sandbox/default/demo@3'");
            assertThat(checked(store).orElseThrow()).contains("another sandbox/default/demo@3");
            change("DELETE FROM events WHERE event_id = 'sandbox/default/demo@3'");
            assertThat(checked(store).orElseThrow()).contains("lacks sandbox/default/demo@3");
        }
    }

    @Test
    void aCheckFindsARowThatTheLogDoesNotHave() throws SQLException {
        try (HistoryStore store = filled()) {
            change("INSERT INTO events SELECT \"partition\", \"offset\" + 1, 'made-up', stream, version, type, actor, actor_kind,"
                    + " authenticated_by, correlation_id, command_id, trace_id, origin_address, asserted_by, origin_time, log_time,"
                    + " schema_version, previous_hash, summary, body FROM events WHERE event_id = 'sandbox/default/demo@1'");
            assertThat(checked(store).orElseThrow()).contains("has 4 events in partition 0 where the log has 3");
        }
    }

    private Optional<String> checked(HistoryStore store) {
        try (StoreCheck check = store.check()) {
            demo.forEach(check::next);
            other.forEach(check::next);
            return check.divergence();
        }
    }

    private void change(String sql) throws SQLException {
        try (Connection connection = DriverManager.getConnection("jdbc:sqlite:" + file); Statement statement = connection.createStatement()) {
            assertThat(statement.executeUpdate(sql)).isEqualTo(1);
        }
    }
}
