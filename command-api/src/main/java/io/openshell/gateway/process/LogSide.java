package io.openshell.gateway.process;

import io.openshell.gateway.grpc.StartFailed;
import io.openshell.gateway.ops.LogState;
import io.openshell.log.DeciderTimes;
import io.openshell.log.LogFaults;
import io.openshell.log.LoopStatus;
import io.openshell.log.kafka.EventsTopic;
import io.openshell.log.kafka.KafkaActivityLog;
import io.openshell.log.kafka.KafkaCommandLog;
import io.openshell.log.kafka.KafkaDeciderLoop;
import io.openshell.log.kafka.KafkaFollower;
import io.openshell.log.kafka.KafkaSettings;
import io.openshell.log.kafka.LogPulse;
import io.openshell.log.kafka.Topics;
import io.openshell.model.StreamId;
import io.openshell.projection.PoisonedStream;
import io.openshell.projection.fold.Checkpoints;
import io.openshell.projection.fold.CommandDecisions;
import io.openshell.projection.fold.EventFold;
import io.openshell.projection.fold.FoldedNodes;
import io.openshell.projection.fold.FoldedSandboxes;
import io.openshell.projection.fold.Snapshots;
import io.openshell.projection.logs.FoldedLogLines;
import io.openshell.projection.nodes.NodeBeats;
import io.openshell.projection.sandboxes.SandboxChange;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * The gateway's share in the log: folds of everything, the deciding of its partitions, and what takes commands and
 * activity in.
 */
record LogSide(
        KafkaSettings settings,
        EventFold fold,
        KafkaFollower events,
        FoldedSandboxes sandboxes,
        FoldedNodes nodes,
        FoldedLogLines lines,
        KafkaCommandLog commands,
        KafkaActivityLog activity,
        CommandDecisions decisions,
        KafkaDeciderLoop decider,
        LogPulse pulse,
        NodeBeats beats,
        Checkpoints checkpoints,
        Snapshots snapshots)
        implements LogState {

    /** Who this gateway is among gateways, and the file it keeps its snapshot in. */
    record Identity(String gatewayId, Path snapshot, Path checkpoints) {}

    /** A write that failed this long ago says nothing about now. */
    private static final Duration RECENT = Duration.ofSeconds(10);

    private static final Duration CATCH_UP = Duration.ofMinutes(5);

    /** Starts all of it; returns once every event of the past is folded. */
    static LogSide start(
            KafkaSettings settings, Identity identity, LogFaults faults, CloseStack parts, DeciderTimes times) {
        EventsTopic topic = EventsTopic.of(settings);
        Map<Integer, Long> ends = topic.ends();
        Checkpoints checkpoints = Checkpoints.open(identity.checkpoints(), topic.id(), ends, Checkpoints.EVERY);
        Snapshots snapshots =
                parts.push(Snapshots.open(identity.snapshot(), topic.id(), ends, Snapshots.EVERY, checkpoints));
        EventFold fold = snapshots.fold();
        FoldedSandboxes sandboxes = new FoldedSandboxes(fold);
        FoldedLogLines lines = new FoldedLogLines();
        NodeBeats beats = new NodeBeats(lines);
        sandboxes.onChange(change -> forgetLines(change, lines));
        KafkaFollower events = parts.push(KafkaFollower.follow(settings, Topics.EVENTS, snapshots.positions(), fold, faults));
        parts.push(KafkaFollower.follow(settings, Topics.ACTIVITY, Map.of(), beats, faults));
        CommandDecisions decisions = new CommandDecisions(fold, events::passed);
        KafkaDeciderLoop decider = parts.push(KafkaDeciderLoop.start(settings, identity.gatewayId(), new KafkaDeciderLoop.Ports(
                decisions, faults, status -> {}, times)));
        LogPulse pulse = parts.push(LogPulse.start(settings, events, faults));
        KafkaActivityLog activity =
                parts.push(new KafkaActivityLog(settings, KafkaActivityLog.DEFAULT_QUEUE, faults));
        KafkaCommandLog commands = parts.push(KafkaCommandLog.open(settings));
        awaitFold(fold);
        return new LogSide(
                settings, fold, events, sandboxes, new FoldedNodes(fold, sandboxes), lines, commands, activity,
                decisions, decider, pulse, beats, checkpoints, snapshots);
    }

    @Override
    public boolean answers() {
        return pulse.answers();
    }

    @Override
    public Optional<String> writesRefused() {
        LoopStatus loop = decider.status();
        if (loop.phase() != LoopStatus.Phase.RUNNING) {
            return Optional.of("the deciding loop is not a member of its group");
        }
        if (!loop.stopped().isEmpty()) {
            return Optional.of("a fault stopped the deciding of partitions " + loop.stopped().stream().sorted().toList());
        }
        if (!pulse.answers()) {
            return Optional.of("the log does not answer");
        }
        if (!pulse.takesRecords()) {
            return Optional.of("a partition of the log has no leader, or too few brokers hold it");
        }
        return commands.failedWithin(RECENT) ? Optional.of("the log did not take the newest command") : Optional.empty();
    }

    @Override
    public Duration viewAge() {
        return pulse.age();
    }

    @Override
    public Map<Integer, Long> lag() {
        return pulse.lag();
    }

    @Override
    public Set<Integer> deciding() {
        return decider.status().deciding();
    }

    /** Whether commands of this stream are decided here. */
    boolean decides(StreamId stream) {
        return deciding().contains(Topics.partitionOf(stream.toString()));
    }

    @Override
    public List<PoisonedStream> poisoned() {
        return fold.poison();
    }

    @Override
    public long fromSnapshot() {
        return snapshots.restored();
    }

    @Override
    public long folded() {
        return fold.applied();
    }

    private static void forgetLines(SandboxChange change, FoldedLogLines lines) {
        switch (change) {
            case SandboxChange.Removed removed -> lines.forget(removed.sandboxId());
            case SandboxChange.Updated updated -> {}
        }
    }

    private static void awaitFold(EventFold fold) {
        try {
            fold.caughtUp().get(CATCH_UP.toMillis(), TimeUnit.MILLISECONDS);
        } catch (TimeoutException e) {
            throw new StartFailed("the events of the log were not read within " + CATCH_UP, e);
        } catch (ExecutionException e) {
            throw new StartFailed("the events of the log cannot be read", e.getCause());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new StartFailed("interrupted while the events of the log were read", e);
        }
    }
}
