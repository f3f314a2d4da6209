package io.openshell.projection.fold;

import io.openshell.model.CommandId;
import io.openshell.model.Outcome;
import io.openshell.model.Rejection;
import io.openshell.model.RejectionCode;
import io.openshell.model.StreamId;
import io.openshell.projection.CommandBus.Unavailable;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** Callers that wait until the fold has passed the result of their command. Any thread. */
final class Outcomes {

    /** Waiting callers at the most, unless told otherwise; more are turned away at once. */
    static final int CAPACITY = 10_000;

    /** A command id is the caller's choice, so it means something only together with its stream. */
    private record Key(StreamId stream, CommandId id) {}

    /** One caller and the request it made; another request under the same id has another digest. */
    private record Waiter(String digest, CompletableFuture<Outcome> answer) {}

    private final Map<Key, List<Waiter>> waiting = new ConcurrentHashMap<>();
    private final Semaphore free;

    Outcomes() {
        this(CAPACITY);
    }

    Outcomes(int capacity) {
        this.free = new Semaphore(capacity);
    }

    /**
     * The outcome of this command. Callers with one id each have their own deadline. Fails with {@link Unavailable} at
     * the deadline, and at once when too many wait.
     */
    CompletableFuture<Outcome> await(StreamId stream, CommandId id, String digest, Duration deadline) {
        if (!free.tryAcquire()) {
            return CompletableFuture.failedFuture(new Unavailable("too many commands wait for the log"));
        }
        Key key = new Key(stream, id);
        CompletableFuture<Outcome> answer = new CompletableFuture<>();
        Waiter waiter = new Waiter(digest, answer);
        waiting.compute(key, (k, all) -> with(all == null ? List.of() : all, waiter));
        CompletableFuture<Outcome> told = new CompletableFuture<>();
        answer.orTimeout(deadline.toMillis(), TimeUnit.MILLISECONDS).whenComplete((outcome, failure) -> {
            waiting.computeIfPresent(key, (k, all) -> without(all, waiter));
            free.release();
            if (failure == null) {
                told.complete(outcome);
            } else if (failure instanceof TimeoutException) {
                told.completeExceptionally(new Unavailable("the log gave no answer within " + deadline));
            } else {
                told.completeExceptionally(failure);
            }
        });
        // Whoever gives up early, for example because the log refused the command, frees the place at once.
        told.whenComplete((outcome, failure) -> answer.cancel(false));
        return told;
    }

    /** Callers now waiting. */
    int size() {
        return waiting.values().stream().mapToInt(List::size).sum();
    }

    void complete(StreamId stream, RecentCommands.Entry decided) {
        if (waiting.isEmpty()) {
            return; // as during a replay; who waits said so before the log had the command
        }
        List<Waiter> all = waiting.remove(new Key(stream, decided.id()));
        if (all != null) {
            all.forEach(each -> each.answer().complete(answer(decided, each.digest())));
        }
    }

    /** What is told to somebody who asks for this with a request of that digest. */
    static Outcome answer(RecentCommands.Entry decided, String digest) {
        return decided.digest().equals(digest)
                ? decided.outcome()
                : new Outcome.Refused(new Rejection(RejectionCode.COMMAND_ID_REUSED,
                        "command id '" + decided.id().value() + "' was used for another request"));
    }

    /** Nobody will learn more of this stream. */
    void fail(String stream, String reason) {
        for (Map.Entry<Key, List<Waiter>> each : waiting.entrySet()) {
            if (each.getKey().stream().toString().equals(stream)) {
                each.getValue().forEach(waiter -> waiter.answer().completeExceptionally(new Unavailable(reason)));
            }
        }
    }

    // Lists are replaced, never changed, so they can be walked without a lock.
    private static <T> List<T> with(List<T> all, T more) {
        List<T> next = new ArrayList<>(all);
        next.add(more);
        return List.copyOf(next);
    }

    private static <T> List<T> without(List<T> all, T one) {
        List<T> next = all.stream().filter(each -> each != one).toList();
        return next.isEmpty() ? null : next;
    }
}
