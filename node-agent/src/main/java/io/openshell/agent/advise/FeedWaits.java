package io.openshell.agent.advise;

import io.openshell.agent.desired.DesiredListener;
import io.openshell.model.sandbox.Session;
import java.time.Duration;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;

/**
 * Those who wait until something about a sandbox is so, looked at again whenever the log tells something about it. Passes on what
 * it hears. Safe for any thread.
 */
public final class FeedWaits implements DesiredListener {

    private final DesiredListener next;
    private final Map<String, Set<Wait>> waits = new ConcurrentHashMap<>();

    private record Wait(BooleanSupplier condition, CompletableFuture<Boolean> done) {}

    /** Tells this listener first. */
    public FeedWaits(DesiredListener next) {
        this.next = next;
    }

    /** True once the condition holds, false when it does not within the time. The condition must not block. */
    public CompletableFuture<Boolean> until(String sandboxId, BooleanSupplier condition, Duration longest) {
        Wait wait = new Wait(condition, new CompletableFuture<>());
        Set<Wait> all = waits.computeIfAbsent(sandboxId, id -> ConcurrentHashMap.newKeySet());
        all.add(wait);
        wait.done().completeOnTimeout(false, longest.toMillis(), TimeUnit.MILLISECONDS)
                .whenComplete((held, failure) -> all.remove(wait));
        // What is so already may never be told again.
        look(wait);
        return wait.done();
    }

    /** Something that concerns every sandbox changed. */
    public void lookAtAll() {
        waits.values().forEach(all -> all.forEach(FeedWaits::look));
    }

    private static void look(Wait wait) {
        try {
            if (wait.condition().getAsBoolean()) {
                wait.done().complete(true);
            }
        } catch (RuntimeException fault) {
            wait.done().completeExceptionally(fault);
        }
    }

    @Override
    public void onChanged(String sandboxId) {
        next.onChanged(sandboxId);
        waits.getOrDefault(sandboxId, Set.of()).forEach(FeedWaits::look);
    }

    @Override
    public void onSession(String sandboxId, Session session) {
        next.onSession(sandboxId, session);
    }
}
