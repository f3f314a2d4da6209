package io.openshell.projection.history.store;

import io.openshell.wire.events.EventSchema;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/** The tables of the store. Another version of them is never changed in place: the log has everything. */
final class StoreSchema {

    /** Rises with every change of the tables or of what is written into them. */
    private static final int TABLES_VERSION = 1;

    /** Rows say how this release reads the events: one that reads them differently, or more of them, writes them anew. */
    static final int VERSION = TABLES_VERSION << 16 | Integer.parseInt(EventSchema.fingerprint().substring(0, 4), 16);

    /** Marks the file as ours: "OSHI". */
    static final int APPLICATION = 0x4F534849;

    private static final List<String> TABLES = List.of(
            """
            CREATE TABLE events (
              "partition" INTEGER NOT NULL, "offset" INTEGER NOT NULL,
              event_id TEXT NOT NULL, stream TEXT NOT NULL, version INTEGER NOT NULL, type TEXT NOT NULL,
              actor TEXT NOT NULL, actor_kind TEXT NOT NULL, authenticated_by TEXT NOT NULL,
              correlation_id TEXT NOT NULL, command_id TEXT NOT NULL, trace_id TEXT NOT NULL,
              origin_address TEXT NOT NULL, asserted_by TEXT NOT NULL,
              origin_time TEXT NOT NULL, log_time TEXT NOT NULL,
              schema_version INTEGER NOT NULL, previous_hash TEXT NOT NULL,
              summary TEXT NOT NULL, body TEXT NOT NULL,
              PRIMARY KEY ("partition", "offset")) WITHOUT ROWID""",
            "CREATE INDEX events_in_order ON events (log_time, \"partition\", \"offset\")",
            "CREATE INDEX events_of_stream ON events (stream, log_time, \"partition\", \"offset\")",
            "CREATE INDEX events_of_request ON events (correlation_id)",
            "CREATE INDEX events_of_actor ON events (actor, log_time)",
            "CREATE TABLE positions (\"partition\" INTEGER PRIMARY KEY, next_offset INTEGER NOT NULL)",
            "PRAGMA application_id = " + APPLICATION,
            "PRAGMA user_version = " + VERSION);

    private StoreSchema() {}

    static void create(Connection connection) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            for (String each : TABLES) {
                statement.execute(each);
            }
        }
    }

    /** Whether the file is a store of this schema and not damaged. Reads the whole file. */
    static boolean fits(Connection connection) throws SQLException {
        return number(connection, "PRAGMA application_id") == APPLICATION
                && number(connection, "PRAGMA user_version") == VERSION
                && tables(connection).equals(wanted())
                && text(connection, "PRAGMA quick_check(1)").equals("ok");
    }

    private static Set<String> wanted() {
        return TABLES.stream().filter(each -> each.startsWith("CREATE")).collect(Collectors.toSet());
    }

    private static Set<String> tables(Connection connection) throws SQLException {
        Set<String> found = new HashSet<>();
        try (Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery("SELECT sql FROM sqlite_master WHERE sql IS NOT NULL")) {
            while (rows.next()) {
                found.add(rows.getString(1));
            }
        }
        return found;
    }

    static boolean isEmpty(Connection connection) throws SQLException {
        return number(connection, "SELECT count(*) FROM sqlite_master") == 0;
    }

    private static long number(Connection connection, String query) throws SQLException {
        try (Statement statement = connection.createStatement(); ResultSet rows = statement.executeQuery(query)) {
            return rows.next() ? rows.getLong(1) : 0;
        }
    }

    private static String text(Connection connection, String query) throws SQLException {
        try (Statement statement = connection.createStatement(); ResultSet rows = statement.executeQuery(query)) {
            return rows.next() ? rows.getString(1) : "";
        }
    }
}
