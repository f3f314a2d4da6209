package io.openshell.projection.fold;

import io.openshell.model.Aggregates;
import io.openshell.model.CommandEnvelope;
import io.openshell.model.CommandId;
import io.openshell.model.CommandRejected;
import io.openshell.model.Context;
import io.openshell.model.Event;
import io.openshell.model.MisfitEvent;
import io.openshell.model.Outcome;
import io.openshell.model.Rejection;
import io.openshell.model.StreamCommand;
import io.openshell.projection.CommandBus;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A command bus that keeps somebody who is refused over and over from filling the log: a command that this process's fold
 * refuses exactly as it was refused, and recorded, less than a minute ago is answered at once and counted. Never blocks;
 * any thread. Counts of a process that is killed are lost; the first refusal of each minute never is.
 */
public final class CountingBus implements CommandBus, AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(CountingBus.class);
    private static final Duration LOOK = Duration.ofSeconds(5);
    private static final Duration DEADLINE = Duration.ofSeconds(3);

    private final CommandBus bus;
    private final EventFold fold;
    private final RepeatedRefusals refusals = new RepeatedRefusals();
    private final ScheduledExecutorService timer =
            Executors.newSingleThreadScheduledExecutor(Thread.ofPlatform().name("refusals").daemon().factory());

    /** Counts before this bus, deciding on this fold. */
    public CountingBus(CommandBus bus, EventFold fold) {
        this.bus = bus;
        this.fold = fold;
        timer.scheduleWithFixedDelay(
                () -> refusals.due(Optional.of(System.nanoTime())).forEach(this::record),
                LOOK.toMillis(), LOOK.toMillis(), TimeUnit.MILLISECONDS);
    }

    @Override
    public CompletionStage<Outcome> submit(CommandEnvelope command, Duration deadline) {
        Optional<Rejection> again = decidedHere(command)
                .flatMap(rejection -> refusals.again(command, rejection, System.nanoTime()));
        if (again.isPresent()) {
            return CompletableFuture.completedStage(new Outcome.Refused(again.get()));
        }
        return bus.submit(command, deadline).thenApply(outcome -> {
            if (outcome instanceof Outcome.Refused refused) {
                refusals.recorded(command, refused.rejection(), System.nanoTime()).forEach(this::record);
            }
            return outcome;
        });
    }

    /** What the decider would refuse it with now, as far as this process's fold has come. */
    private Optional<Rejection> decidedHere(CommandEnvelope command) {
        CommandId id = command.context().commandId();
        if (fold.image().isPoisoned(command.stream()) || fold.image().decided(command.stream(), id).isPresent()) {
            return Optional.empty();
        }
        StreamState state =
                fold.image().find(command.stream()).orElseGet(() -> StreamState.empty(command.stream()));
        try {
            List<Event> events = Aggregates.decide(command.stream(), command.command(), state.state(), command.context());
            return events.getFirst() instanceof CommandRejected refused ? Optional.of(refused.rejection()) : Optional.empty();
        } catch (MisfitEvent e) {
            return Optional.empty(); // a command for another kind of stream: the decider deals with it
        }
    }

    @Override
    public Optional<Earlier> earlier(CommandId id) {
        return bus.earlier(id);
    }

    private void record(RepeatedRefusals.Counted counted) {
        Context c = counted.last().context();
        Context context = new Context(new CommandId(UUID.randomUUID().toString()), c.correlationId(), c.traceId(),
                c.actor(), c.originAddress(), c.assertedBy(), c.time());
        bus.submit(new CommandEnvelope(counted.last().stream(), context, new StreamCommand.RecordRefusals(
                        counted.last().command().getClass().getSimpleName(), counted.rejection(), counted.count())), DEADLINE)
                .whenComplete((outcome, failure) -> {
                    if (failure != null) {
                        LOG.warn("{} refusals on {} were counted but not recorded: {}",
                                counted.count(), counted.last().stream(), failure.toString());
                    }
                });
    }

    /** Records what was counted so far, as far as the log still takes it. */
    @Override
    public void close() {
        timer.shutdownNow();
        refusals.due(Optional.empty()).forEach(this::record);
    }
}
