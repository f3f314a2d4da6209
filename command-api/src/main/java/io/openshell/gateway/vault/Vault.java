package io.openshell.gateway.vault;

import io.openshell.log.LogRecord;
import io.openshell.log.RecordListener;
import io.openshell.log.VaultLog;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Bundles of secrets by name. What is kept, in the log and here, is sealed; it is opened when somebody asks. A bundle is never
 * changed: other secrets are another bundle. Never blocks; safe for any thread.
 */
public final class Vault implements RecordListener {
    private static final Logger LOG = LoggerFactory.getLogger(Vault.class);

    private final VaultLog log;
    private final Seal seal;
    private final Map<String, Kept> kept = new ConcurrentHashMap<>();
    private final List<Runnable> listeners = new CopyOnWriteArrayList<>();
    private final CompletableFuture<Void> caughtUp = new CompletableFuture<>();

    /** A sealed bundle and since when the log has it. */
    private record Kept(byte[] sealed, Instant since) {}

    /** Keeps in this log, sealed with this master key. */
    public Vault(VaultLog log, byte[] masterKey) {
        this.log = log;
        this.seal = new Seal(masterKey);
    }

    /** Names a bundle that does not exist yet, of a provider. */
    public static String newBundle(String workspace, String provider) {
        return bundlesOf(workspace, provider) + UUID.randomUUID();
    }

    /** What the names of a provider's bundles begin with. */
    public static String bundlesOf(String workspace, String provider) {
        return "provider/" + workspace + "/" + provider + "/";
    }

    /** Seals and keeps the secrets; done once the log has them, and {@link #open} finds them from then on. */
    public CompletionStage<Void> keep(String bundle, Map<String, String> secrets) {
        byte[] sealed = seal.seal(bundle, secrets);
        return log.put(bundle, sealed).thenRun(() -> {
            kept.putIfAbsent(bundle, new Kept(sealed, Instant.now()));
            changed();
        });
    }

    /** Destroys a bundle. What cannot be done now is done when the gateway starts next, see {@link #destroyUnless}. */
    public void destroy(String bundle) {
        if (kept.remove(bundle) != null) {
            changed();
        }
        log.destroy(bundle).whenComplete((done, failure) -> {
            if (failure != null) {
                LOG.warn("a bundle of secrets is not destroyed yet: bundle={} reason={}", bundle, failure.getMessage());
            }
        });
    }

    /** Destroys every bundle whose name begins so. */
    public void destroyAll(String prefix) {
        kept.keySet().stream().filter(each -> each.startsWith(prefix)).toList().forEach(this::destroy);
    }

    /** Destroys what nothing needs any more, of what the log had before this time: a crash may have left it behind. */
    public void destroyUnless(Predicate<String> needed, Instant before) {
        kept.entrySet().stream().filter(each -> each.getValue().since().isBefore(before) && !needed.test(each.getKey()))
                .map(Map.Entry::getKey).toList().forEach(this::destroy);
    }

    /** The secrets of a bundle by key; empty when there is no such bundle, or it cannot be opened with this gateway's key. */
    public Optional<SortedMap<String, String>> open(String bundle) {
        Kept found = kept.get(bundle);
        if (found == null) {
            return Optional.empty();
        }
        try {
            return Optional.of(seal.open(bundle, found.sealed()));
        } catch (Seal.NotOpened e) {
            LOG.warn("a bundle of secrets does not open: bundle={} reason={}", bundle, e.getMessage());
            return Optional.empty();
        }
    }

    /** Tells two secrets apart without telling them. */
    public String mark(String secret) {
        return seal.mark(secret);
    }

    /** Calls after every change, on any thread; the listener must not block. */
    public void onChange(Runnable listener) {
        listeners.add(listener);
    }

    /** Done once everything the log held at the start is known. */
    public CompletionStage<Void> caughtUp() {
        return caughtUp.copy();
    }

    /** Names of the bundles there are. */
    Set<String> bundles() {
        return kept.keySet().stream().collect(Collectors.toUnmodifiableSet());
    }

    @Override
    public void onRecords(List<LogRecord> records) {
        for (LogRecord record : records) {
            if (record.value().length == 0) {
                kept.remove(record.key());
            } else {
                kept.put(record.key(), new Kept(record.value(), record.logTime()));
            }
        }
        changed();
    }

    @Override
    public void onCaughtUp() {
        caughtUp.complete(null);
    }

    private void changed() {
        listeners.forEach(Runnable::run);
    }
}
