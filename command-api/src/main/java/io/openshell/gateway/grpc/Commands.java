package io.openshell.gateway.grpc;

import io.openshell.gateway.auth.Caller;
import io.openshell.model.Command;
import io.openshell.model.CommandEnvelope;
import io.openshell.model.Outcome;
import io.openshell.model.StreamId;
import io.openshell.projection.CommandBus;
import java.time.Clock;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletionStage;

/** Turns calls into commands and waits for their outcome. Never blocks; safe for any thread. */
public final class Commands {

    private final CommandBus bus;
    private final Clock clock;
    private final Duration deadline;

    /** Waits for each outcome up to the deadline. */
    public Commands(CommandBus bus, Clock clock, Duration deadline) {
        this.bus = bus;
        this.clock = clock;
        this.deadline = deadline;
    }

    /**
     * The stream on which this very request was asked before; empty when it is new. What a retry meets may differ from
     * what its first try met, so checks of the present state are only for new requests.
     *
     * @throws Refusal when the command id was used for another request
     */
    public Optional<StreamId> earlier(Caller caller) {
        Optional<CommandBus.Earlier> earlier = bus.earlier(caller.commandId());
        if (earlier.isPresent() && !earlier.get().digest().equals(caller.requestDigest())) {
            throw Refusal.precondition(
                    "command id '" + caller.commandId().value() + "' was used for another request");
        }
        return earlier.map(CommandBus.Earlier::stream);
    }

    /** The outcome of an accepted command; fails with a {@link Refusal} when it was rejected. */
    public CompletionStage<Outcome.Applied> submit(Caller caller, StreamId stream, Command command) {
        return bus.submit(new CommandEnvelope(stream, caller.context(clock.instant()), command), deadline)
                .thenApply(outcome -> switch (outcome) {
                    case Outcome.Applied applied -> applied;
                    case Outcome.Refused refused -> throw Statuses.of(refused.rejection());
                });
    }
}
