package io.openshell.gateway.grpc;

import io.openshell.gateway.auth.Caller;
import io.openshell.model.Command;
import io.openshell.model.CommandEnvelope;
import io.openshell.model.Outcome;
import io.openshell.model.StreamId;
import io.openshell.projection.CommandBus;
import io.vertx.grpc.common.GrpcStatus;
import java.time.Clock;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/** Turns calls into commands and waits for their outcome. Never blocks; safe for any thread. */
public final class Commands {

    private final CommandBus bus;
    private final Clock clock;
    private final Duration deadline;
    private final CommandRate rate;
    private final Meter meter;

    /** Hears what became of each command; must not block. */
    @FunctionalInterface
    public interface Meter {
        /** {@code applied}, {@code refused}, {@code unavailable} or {@code limited}, and the code of a refusal. */
        void command(String outcome, String code);
    }

    /** Waits for each outcome up to the deadline. */
    public Commands(CommandBus bus, Clock clock, Duration deadline) {
        this(bus, clock, deadline, new CommandRate(0), (outcome, code) -> {});
    }

    /** The same, for callers who keep to a rate. */
    public Commands(CommandBus bus, Clock clock, Duration deadline, CommandRate rate, Meter meter) {
        this.bus = bus;
        this.clock = clock;
        this.deadline = deadline;
        this.rate = rate;
        this.meter = meter;
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
        Optional<Duration> wait = rate.take(caller.actor().kind() + ":" + caller.actor().subject(), System.nanoTime());
        if (wait.isPresent()) {
            meter.command("limited", "");
            return CompletableFuture.failedStage(tooMany(wait.get()));
        }
        return bus.submit(new CommandEnvelope(stream, caller.context(clock.instant()), command), deadline)
                .whenComplete(this::count)
                .thenApply(outcome -> switch (outcome) {
                    case Outcome.Applied applied -> applied;
                    case Outcome.Refused refused -> throw Statuses.of(refused.rejection(), stream);
                });
    }

    private static Refusal tooMany(Duration wait) {
        String ms = Long.toString(Math.max(1, wait.toMillis()));
        return new Refusal(GrpcStatus.RESOURCE_EXHAUSTED, "too many commands of one caller; try again in " + ms + " ms",
                Map.of("retry-after-ms", ms, "grpc-retry-pushback-ms", ms));
    }

    private void count(@Nullable Outcome outcome, @Nullable Throwable failure) {
        switch (outcome) {
            case null -> meter.command("unavailable", "");
            case Outcome.Applied applied -> meter.command("applied", "");
            case Outcome.Refused refused -> meter.command("refused", refused.rejection().code().name());
        }
    }
}
