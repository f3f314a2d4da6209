package io.openshell.projection.fold;

import io.openshell.log.LogRecord;
import io.openshell.log.TopicScan;
import io.openshell.model.StreamId;
import io.openshell.model.history.StateDiff;
import io.openshell.model.global.GlobalPolicy;
import io.openshell.model.node.NodeState;
import io.openshell.model.provider.ProviderState;
import io.openshell.model.sandbox.SandboxState;
import io.openshell.model.settings.Settings;
import io.openshell.projection.past.ViewsCheck;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;

/**
 * Compares the live fold with a fresh one, stream by stream. Both move on meanwhile: a stream counts once both stood at the
 * same version, and only one that never does within some rounds has parted.
 */
public final class ServedViewsCheck implements ViewsCheck {

    private static final int ROUNDS = 40;
    private static final long PAUSE_MS = 50;

    private final EventFold served;
    private final TopicScan log;
    private final String topic;

    /** Checks this fold of this topic. */
    public ServedViewsCheck(EventFold served, TopicScan log, String topic) {
        this.served = served;
        this.log = log;
        this.topic = topic;
    }

    @Override
    public Finding check(Consumer<LogRecord> each, Duration deadline) {
        return new Run(each, System.nanoTime() + deadline.toNanos()).run();
    }

    /** One check; calling thread only. */
    private final class Run {
        private final EventFold fresh = new EventFold();
        private final Consumer<LogRecord> each;
        private final long end;
        private final Set<StreamId> equal = new HashSet<>();
        private long events;
        private Optional<String> divergence = Optional.empty();

        Run(Consumer<LogRecord> each, long end) {
            this.each = each;
            this.end = end;
        }

        Finding run() {
            Map<Integer, Long> next = Map.of();
            for (int round = 0; round < ROUNDS; round++) {
                next = log.read(topic, next, this::take, Duration.ofNanos(Math.max(1, end - System.nanoTime())));
                Optional<StreamId> open = compare();
                if (divergence.isPresent() || open.isEmpty()) {
                    break;
                }
                if (round == ROUNDS - 1) {
                    divergence = open.map(this::apart);
                } else {
                    LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(PAUSE_MS));
                }
            }
            return new Finding(events, equal.size(), divergence);
        }

        private boolean take(LogRecord record) {
            events++;
            fresh.onRecords(List.of(record));
            each.accept(record);
            return true;
        }

        /** A stream that is not at one version on both sides yet; empty when all were compared. */
        private Optional<StreamId> compare() {
            Set<StreamId> all = new HashSet<>(served.image().streams());
            all.addAll(fresh.image().streams());
            all.removeAll(equal);
            Optional<StreamId> open = Optional.empty();
            for (StreamId stream : all) {
                Optional<StreamState> was = served.image().find(stream);
                Optional<StreamState> is = fresh.image().find(stream);
                if (version(was) != version(is) || !was.equals(served.image().find(stream))) {
                    open = Optional.of(stream);
                    continue;
                }
                Optional<String> difference = difference(stream, was.orElseThrow(), is.orElseThrow());
                // The live fold may have moved on between two looks at it.
                if (difference.isPresent() && was.equals(served.image().find(stream))) {
                    divergence = difference;
                    return Optional.empty();
                }
                equal.add(stream);
            }
            return open;
        }

        private Optional<String> difference(StreamId stream, StreamState was, StreamState is) {
            String at = stream + " at version " + is.version() + ": ";
            if (!was.state().equals(is.state()) || !was.lastHash().equals(is.lastHash())) {
                return Optional.of(at + "the events say otherwise, " + StateDiff.between(is.state(), was.state()));
            }
            if (served.image().isPoisoned(stream) != fresh.image().isPoisoned(stream)) {
                return Optional.of(at + "only one side can read the next event");
            }
            boolean listed = switch (is.state()) {
                case SandboxState.Live live -> served.image().liveById(live.request().sandboxId())
                        .map(StreamState::stream).filter(stream::equals).isPresent() && served.image().lists(stream);
                case SandboxState.Deleted gone -> !served.image().lists(stream);
                case SandboxState.Unused never -> !served.image().lists(stream);
                case NodeState node -> true;
                case GlobalPolicy global -> true;
                case Settings settings -> true;
                case ProviderState provider -> true;
            };
            return listed ? Optional.empty() : Optional.of(at + "the list of sandboxes says otherwise");
        }

        private String apart(StreamId stream) {
            return stream + ": served at version " + version(served.image().find(stream)) + ", the events are at "
                    + version(fresh.image().find(stream));
        }

        private static long version(Optional<StreamState> state) {
            return state.map(StreamState::version).orElse(0L);
        }
    }
}
