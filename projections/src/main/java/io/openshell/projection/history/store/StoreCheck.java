package io.openshell.projection.history.store;

import io.openshell.log.LogRecord;
import io.openshell.model.Event;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;

/** Compares the rows of a store with the records of the log, one by one. One thread. */
public final class StoreCheck implements AutoCloseable {

    private final Connection connection;
    private final PreparedStatement row;
    private final Function<Event, String> body;
    private final Map<Integer, Long> counted = new HashMap<>();
    private final Map<Integer, Long> last = new HashMap<>();
    private Optional<String> divergence = Optional.empty();

    StoreCheck(Connection connection, Function<Event, String> body) throws SQLException {
        this.connection = connection;
        this.body = body;
        this.row = connection.prepareStatement("SELECT " + EventRows.COLUMNS
                + " FROM events WHERE \"partition\" = ? AND \"offset\" = ?");
    }

    /** The next record of its partition, which the store must have taken already. */
    public void next(LogRecord record) {
        counted.merge(record.position().partition(), 1L, Long::sum);
        last.put(record.position().partition(), record.position().offset());
        if (divergence.isPresent()) {
            return;
        }
        try {
            row.setInt(1, record.position().partition());
            row.setLong(2, record.position().offset());
            try (ResultSet rows = row.executeQuery()) {
                StoredEvent wanted = StoredEvent.of(record, body);
                if (!rows.next()) {
                    divergence = Optional.of("the history store lacks " + wanted.eventId() + " at " + record.position());
                } else if (!EventRows.read(rows).equals(wanted)) {
                    divergence = Optional.of("the history store has another " + wanted.eventId() + " at " + record.position());
                }
            }
        } catch (SQLException e) {
            throw StoreFile.failed("the history store cannot be read", e);
        }
    }

    /** The first difference, once every record was seen: a missing or other row, or one that the log does not have. */
    public Optional<String> divergence() {
        if (divergence.isPresent()) {
            return divergence;
        }
        try (PreparedStatement count = connection.prepareStatement(
                "SELECT count(*) FROM events WHERE \"partition\" = ? AND \"offset\" <= ?")) {
            for (Map.Entry<Integer, Long> each : counted.entrySet()) {
                count.setInt(1, each.getKey());
                count.setLong(2, last.getOrDefault(each.getKey(), 0L));
                try (ResultSet rows = count.executeQuery()) {
                    long found = rows.next() ? rows.getLong(1) : 0;
                    if (found != each.getValue()) {
                        return Optional.of("the history store has " + found + " events in partition " + each.getKey()
                                + " where the log has " + each.getValue());
                    }
                }
            }
            return Optional.empty();
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
