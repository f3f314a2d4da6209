package io.openshell.gateway;

import io.openshell.log.LogRecord;
import io.openshell.log.Position;
import io.openshell.log.VaultLog;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;

/** A vault's log in memory that shows what it was given. */
public final class FakeVaultLog implements VaultLog {
    /** What is kept by name; no bytes for what was destroyed. */
    public final Map<String, byte[]> records = new ConcurrentHashMap<>();

    @Override
    public CompletionStage<Void> put(String name, byte[] sealed) {
        records.put(name, sealed);
        return CompletableFuture.completedStage(null);
    }

    @Override
    public CompletionStage<Void> destroy(String name) {
        records.put(name, new byte[0]);
        return CompletableFuture.completedStage(null);
    }

    @Override
    public void close() {}

    /** As a follower would get it. */
    public List<LogRecord> all() {
        return records.entrySet().stream()
                .map(each -> new LogRecord(new Position(0, 1), Instant.EPOCH, each.getKey(), each.getValue())).toList();
    }

    /** How many names hold something. */
    public long kept() {
        return records.values().stream().filter(each -> each.length > 0).count();
    }
}
