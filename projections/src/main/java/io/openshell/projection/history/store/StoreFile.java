package io.openshell.projection.history.store;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import org.sqlite.SQLiteConfig;
import org.sqlite.SQLiteErrorCode;
import org.sqlite.SQLiteException;

/** The file of a store and its side files; open to its owner only. */
record StoreFile(Path path) {

    private static final int BUSY_MS = 5_000;

    Connection writing() throws SQLException, IOException {
        NativeDriver.unpackInto(path.resolveSibling(path.getFileName() + "-driver"));
        if (!Files.exists(path)) {
            Files.createFile(path, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
        }
        SQLiteConfig config = config();
        config.setJournalMode(SQLiteConfig.JournalMode.WAL);
        // After a power loss the newest transactions may be gone, and then they are fed again.
        config.setSynchronous(SQLiteConfig.SynchronousMode.NORMAL);
        return DriverManager.getConnection(url(), config.toProperties());
    }

    Connection reading() throws SQLException {
        Connection connection = DriverManager.getConnection(url(), config().toProperties());
        try (Statement statement = connection.createStatement()) {
            statement.execute("PRAGMA query_only = true");
        }
        return connection;
    }

    private static SQLiteConfig config() {
        SQLiteConfig config = new SQLiteConfig();
        config.setBusyTimeout(BUSY_MS);
        return config;
    }

    private String url() {
        return "jdbc:sqlite:" + path;
    }

    void delete() throws IOException {
        for (String each : List.of("", "-wal", "-shm", "-journal")) {
            Files.deleteIfExists(Path.of(path + each));
        }
    }

    /** What a failure of SQLite means. */
    static StoreFailed failed(String what, Exception cause) {
        boolean damaged = cause instanceof SQLiteException e && (primary(e) == SQLiteErrorCode.SQLITE_CORRUPT.code
                || primary(e) == SQLiteErrorCode.SQLITE_NOTADB.code);
        return new StoreFailed(what + ": " + cause.getMessage(), cause, damaged);
    }

    /** Extended codes carry the primary one in their lowest byte. */
    private static int primary(SQLiteException e) {
        return e.getResultCode().code & 0xff;
    }
}
