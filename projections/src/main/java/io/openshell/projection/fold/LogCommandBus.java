package io.openshell.projection.fold;

import io.openshell.log.CommandLog;
import io.openshell.model.CommandEnvelope;
import io.openshell.model.CommandId;
import io.openshell.model.Outcome;
import io.openshell.model.StreamCommand;
import io.openshell.model.StreamId;
import io.openshell.projection.CommandBus;
import io.openshell.wire.events.CommandCodec;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/** Sends commands through the log and waits for this process's fold to pass their result. Never blocks; any thread. */
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
        StreamId stream = command.stream();
        CommandId id = command.context().commandId();
        byte[] encoded = CommandCodec.encode(command);
        String digest = command.context().requestDigest();
        CompletableFuture<Outcome> answer = fold.outcomes().await(stream, id, digest, deadline);
        // Looked up after waiting began, so a result folded in between is not missed.
        Optional<Outcome> known = fold.image().decided(stream, id).map(entry -> Outcomes.answer(entry, digest));
        if (known.isPresent()) {
            answer.complete(known.get());
            return CompletableFuture.completedStage(known.get());
        }
        Optional<Outcome> stopped = stopped(command);
        if (stopped.isPresent()) {
            answer.complete(stopped.get());
            return CompletableFuture.completedStage(stopped.get());
        }
        if (!answer.isDone()) {
            log.append(stream.toString(), encoded).whenComplete((position, failure) -> {
                if (failure != null) {
                    answer.completeExceptionally(
                            new Unavailable("the log did not take the command: " + failure.getMessage(), failure));
                }
            });
        }
        return answer;
    }

    @Override
    public Optional<Earlier> earlier(CommandId id) {
        return fold.image().called().find(id).map(each -> new Earlier(each.stream(), each.digest()));
    }

    /** Not recorded, since nothing can be added to such a stream; that it stopped stands in the process's status. */
    private Optional<Outcome> stopped(CommandEnvelope command) {
        return fold.image().poison(command.stream())
                .filter(found -> found.newer() || !(command.command() instanceof StreamCommand.SkipEvent))
                .map(found -> new Outcome.Refused(found.rejection()));
    }
}
