package io.openshell.projection.fold;

import io.openshell.model.CommandId;
import io.openshell.model.Outcome;
import io.openshell.projection.CommandBus.Unavailable;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** Callers that wait until the fold has passed the result of their command. */
final class Outcomes {

    /** Waiting callers at the most; more are turned away at once. */
    static final int CAPACITY = 10_000;

    private final Map<CommandId, CompletableFuture<Outcome>> waiting = new ConcurrentHashMap<>();

    /** The outcome of this command; two callers with one id share it. Fails with {@link Unavailable} after the deadline. */
    CompletableFuture<Outcome> await(CommandId id, Duration deadline) {
        if (waiting.size() >= CAPACITY) {
            return CompletableFuture.failedFuture(new Unavailable("too many commands wait for the log"));
        }
        CompletableFuture<Outcome> shared = waiting.computeIfAbsent(id, key -> new CompletableFuture<>());
        return shared.copy()
                .orTimeout(deadline.toMillis(), TimeUnit.MILLISECONDS)
                .exceptionallyCompose(cause -> CompletableFuture.failedFuture(
                        cause instanceof TimeoutException ? new Unavailable("the log gave no answer in time") : cause))
                .whenComplete((outcome, failure) -> waiting.remove(id, shared));
    }

    void complete(CommandId id, Outcome outcome) {
        CompletableFuture<Outcome> waiter = waiting.remove(id);
        if (waiter != null) {
            waiter.complete(outcome);
        }
    }
}
