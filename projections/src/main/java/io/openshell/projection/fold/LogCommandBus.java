package io.openshell.projection.fold;

import io.openshell.log.CommandLog;
import io.openshell.model.CommandEnvelope;
import io.openshell.model.CommandId;
import io.openshell.model.Outcome;
import io.openshell.projection.CommandBus;
import io.openshell.wire.events.CommandCodec;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/** Sends commands through the log and waits for this process's fold to pass their result. */
public final class LogCommandBus implements CommandBus {

    private final CommandLog log;
    private final EventFold fold;

    /** Sends to this log, waits for this fold. */
    public LogCommandBus(CommandLog log, EventFold fold) {
        this.log = log;
        this.fold = fold;
    }

    @Override
    public CompletionStage<Outcome> submit(CommandEnvelope command, Duration deadline) {
        CommandId id = command.context().commandId();
        CompletableFuture<Outcome> outcome = fold.outcomes().await(id, deadline);
        // Looked up after waiting began, so a result folded in between is not missed.
        Optional<Outcome> known = fold.image().find(command.stream()).flatMap(s -> s.recent().outcome(id));
        if (known.isPresent()) {
            fold.outcomes().complete(id, known.get());
            return outcome;
        }
        CompletableFuture<Outcome> answer = new CompletableFuture<>();
        outcome.whenComplete((result, failure) -> settle(answer, result, failure));
        log.append(command.stream().toString(), CommandCodec.encode(command)).whenComplete((position, failure) -> {
            if (failure != null) {
                answer.completeExceptionally(new Unavailable("the log did not take the command: " + failure.getMessage()));
            }
        });
        return answer;
    }

    private static void settle(CompletableFuture<Outcome> answer, Outcome result, Throwable failure) {
        if (failure != null) {
            answer.completeExceptionally(failure);
        } else {
            answer.complete(result);
        }
    }
}
