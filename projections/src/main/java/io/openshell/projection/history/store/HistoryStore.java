package io.openshell.projection.history.store;

import io.openshell.log.LogRecord;
import io.openshell.model.Event;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;

/**
 * Events of the log in one SQLite file, together with the position they reach: both change in one transaction, so that a
 * store which is fed from {@link #positions()} holds every event once. One thread feeds it; any thread may search. Blocks.
 */
public final class HistoryStore implements AutoCloseable {

    /** What became of the file that was there. */
    public enum Opening {
        /** There was none. */
        NEW,
        /** It goes on where it ended. */
        CONTINUED,
        /** It was damaged, or of another schema, and was deleted; it has to be fed from the start. */
        REPLACED
    }

    private static final int QUERY_LIMIT_S = 20;
    private static final Object OPENING = new Object();

    private final StoreFile file;
    private final Function<Event, String> body;
    private final Connection connection;
    private final Opening opening;

    private HistoryStore(StoreFile file, Function<Event, String> body, Connection connection, Opening opening) {
        this.file = file;
        this.body = body;
        this.connection = connection;
        this.opening = opening;
    }

    /**
     * Opens the store, a new one when the file is missing, damaged or of another schema. Reads the whole file.
     *
     * @param body an event's own fields as JSON, without private values
     * @throws StoreFailed when the file system does not let it
     */
    public static HistoryStore open(Path path, Function<Event, String> body) {
        StoreFile file = new StoreFile(path);
        try {
            boolean there = Files.exists(path) && Files.size(path) > 0;
            Optional<Connection> usable = usable(file);
            if (usable.isPresent()) {
                return new HistoryStore(file, body, usable.get(), there ? Opening.CONTINUED : Opening.NEW);
            }
            file.delete();
            return new HistoryStore(file, body, usable(file).orElseThrow(), Opening.REPLACED);
        } catch (SQLException | IOException e) {
            throw StoreFile.failed("the history store " + path + " cannot be opened", e);
        }
    }

    /** Deletes the file; the next opening makes a new store. The store must be closed. */
    public static void delete(Path path) {
        try {
            new StoreFile(path).delete();
        } catch (IOException e) {
            throw StoreFile.failed("the history store " + path + " cannot be deleted", e);
        }
    }

    private static Optional<Connection> usable(StoreFile file) throws SQLException, IOException {
        Connection connection;
        // The driver loads its native part on first use, which is not for several threads.
        synchronized (OPENING) {
            try {
                connection = file.writing();
            } catch (SQLException e) {
                if (StoreFile.failed("", e).damaged()) {
                    return Optional.empty();
                }
                throw e;
            }
        }
        try {
            if (StoreSchema.isEmpty(connection)) {
                StoreSchema.create(connection);
            }
            if (StoreSchema.fits(connection)) {
                connection.setAutoCommit(false);
                return Optional.of(connection);
            }
        } catch (SQLException e) {
            if (!StoreFile.failed("", e).damaged()) {
                connection.close();
                throw e;
            }
        }
        connection.close();
        return Optional.empty();
    }

    /** What became of the file that was there. */
    public Opening opening() {
        return opening;
    }

    /** The offset to feed from, per partition. Feeding thread. */
    public Map<Integer, Long> positions() {
        Map<Integer, Long> positions = new HashMap<>();
        try (Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery("SELECT \"partition\", next_offset FROM positions")) {
            while (rows.next()) {
                positions.put(rows.getInt(1), rows.getLong(2));
            }
            return positions;
        } catch (SQLException e) {
            throw StoreFile.failed("the history store cannot be read", e);
        }
    }

    /**
     * Whether the store was fed from the log that these records are of. Feeding thread.
     *
     * @param newest the log's record at the offset of each {@link #newest()} row
     */
    public boolean isOf(Map<Integer, LogRecord> newest) {
        return newest().entrySet().stream().allMatch(row -> {
            LogRecord record = newest.get(row.getKey());
            return record != null && StoredEvent.of(record, body).equals(row.getValue());
        });
    }

    /** The row with the highest offset, per partition. Feeding thread. */
    public Map<Integer, StoredEvent> newest() {
        Map<Integer, StoredEvent> newest = new HashMap<>();
        try (PreparedStatement last = connection.prepareStatement("SELECT " + EventRows.COLUMNS
                + " FROM events WHERE \"partition\" = ? ORDER BY \"offset\" DESC LIMIT 1")) {
            for (int partition : positions().keySet()) {
                last.setInt(1, partition);
                try (ResultSet rows = last.executeQuery()) {
                    if (rows.next()) {
                        newest.put(partition, EventRows.read(rows));
                    }
                }
            }
            return newest;
        } catch (SQLException e) {
            throw StoreFile.failed("the history store cannot be read", e);
        }
    }

    /** Takes records together with the position behind them, or none of it. Feeding thread. */
    public void append(List<LogRecord> records) {
        try (PreparedStatement insert = connection.prepareStatement(EventRows.INSERT);
                PreparedStatement position = connection.prepareStatement(
                        "INSERT OR REPLACE INTO positions (\"partition\", next_offset) VALUES (?, ?)")) {
            Map<Integer, Long> next = new HashMap<>();
            for (LogRecord record : records) {
                EventRows.bind(insert, StoredEvent.of(record, body));
                insert.addBatch();
                next.put(record.position().partition(), record.position().offset() + 1);
            }
            insert.executeBatch();
            for (Map.Entry<Integer, Long> each : next.entrySet()) {
                position.setInt(1, each.getKey());
                position.setLong(2, each.getValue());
                position.executeUpdate();
            }
            connection.commit();
        } catch (SQLException e) {
            rollBack(e);
            throw StoreFile.failed("the history store does not take events", e);
        }
    }

    private void rollBack(SQLException cause) {
        try {
            connection.rollback();
        } catch (SQLException e) {
            cause.addSuppressed(e);
        }
    }

    /** Events in the order of log time, at most so many. */
    public List<StoredEvent> search(HistoryQuery query, int most) {
        SearchText text = SearchText.of(query, most);
        try (Connection reading = file.reading(); PreparedStatement statement = reading.prepareStatement(text.sql())) {
            statement.setQueryTimeout(QUERY_LIMIT_S);
            for (int i = 0; i < text.values().size(); i++) {
                statement.setObject(i + 1, text.values().get(i));
            }
            List<StoredEvent> found = new ArrayList<>();
            try (ResultSet rows = statement.executeQuery()) {
                while (rows.next()) {
                    found.add(EventRows.read(rows));
                }
            }
            return found;
        } catch (SQLException e) {
            throw StoreFile.failed("the history store cannot be searched", e);
        }
    }

    /** Compares rows with the log; holds a connection until it is closed. */
    public StoreCheck check() {
        try {
            return new StoreCheck(file.reading(), body);
        } catch (SQLException e) {
            throw StoreFile.failed("the history store cannot be read", e);
        }
    }

    @Override
    public void close() {
        try {
            connection.close();
        } catch (SQLException e) {
            throw StoreFile.failed("the history store was not closed in order", e);
        }
    }
}
