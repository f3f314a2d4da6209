package io.openshell.agent.docker;

import com.github.dockerjava.api.async.ResultCallback;
import com.github.dockerjava.api.model.Event;
import com.github.dockerjava.api.model.EventType;
import java.io.Closeable;
import java.io.IOException;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Listens to what the engine tells of the agent's containers, so that it can be said why one ended and that one was paused
 * is looked at without delay. That one has ended or is paused is known from the kernel and does not depend on it. Listens again
 * whenever the engine comes back.
 */
final class ContainerEvents implements Closeable {
    private static final long FIRST_PAUSE_MILLIS = 200;
    private static final long LONGEST_PAUSE_MILLIS = 1_000;
    private static final int REMEMBERED = 1_000;
    private static final Logger LOG = LoggerFactory.getLogger(ContainerEvents.class);
    private final Engine engine;
    private final Map<String, String> labels;
    private final Told onTold;
    private final Map<String, String> told = new LinkedHashMap<>() {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<String, String> eldest) {
            return size() > REMEMBERED;
        }
    };
    private final Thread listener;
    private volatile boolean closed;
    private volatile @Nullable Closeable stream;
    private boolean there;

    /** Takes what is told. */
    interface Told {
        /** The engine has come or gone, and why; may block for some seconds. */
        void engine(boolean there, String reason);

        /** A container with these labels was paused, or goes on. */
        void paused(Map<String, String> facts);
    }

    ContainerEvents(Engine engine, Map<String, String> labels, Told onTold) {
        this.engine = engine;
        this.labels = Map.copyOf(labels);
        this.onTold = onTold;
        this.listener = Thread.ofPlatform().daemon().name("container-events").start(this::listen);
    }

    private void listen() {
        long pause = FIRST_PAUSE_MILLIS;
        while (!closed) {
            try {
                engine.version();
                changed(true, "the container engine at " + engine.address() + " answers");
                pause = FIRST_PAUSE_MILLIS;
                follow();
            } catch (EngineException e) {
                changed(false, String.valueOf(e.getMessage()));
            } catch (RuntimeException e) {
                LOG.warn("the container engine's events broke off: reason={}", e.toString());
            }
            try {
                TimeUnit.MILLISECONDS.sleep(pause);
            } catch (InterruptedException e) {
                return; // closed
            }
            pause = Math.min(LONGEST_PAUSE_MILLIS, pause * 2);
        }
    }

    private void changed(boolean now, String reason) {
        if (there != now && !closed) {
            there = now;
            LOG.info("the container engine has {}: reason={}", now ? "come" : "gone", reason);
            onTold.engine(now, reason);
        }
    }

    /** Returns when the stream ends. */
    private void follow() {
        var callback = new ResultCallback.Adapter<Event>() {
            @Override
            public void onNext(Event event) {
                take(event);
            }
        };
        stream = callback;
        try {
            engine.streaming().eventsCmd().withEventTypeFilter(EventType.CONTAINER).withLabelFilter(labels).exec(callback);
            callback.awaitCompletion();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } finally {
            stream = null;
        }
    }

    private void take(Event event) {
        String id = event.getId();
        String action = event.getAction();
        if (id == null || action == null) {
            return;
        }
        Map<String, String> facts = event.getActor() == null || event.getActor().getAttributes() == null
                ? Map.of() : event.getActor().getAttributes();
        if (action.equals("pause") || action.equals("unpause")) {
            onTold.paused(facts);
            return;
        }
        synchronized (told) {
            switch (action) {
                case "kill" -> told.put(id, "its container was sent signal " + facts.getOrDefault("signal", "?") + " by somebody outside");
                case "oom" -> told.putIfAbsent(id, "its container ran out of memory");
                case "die" -> told.putIfAbsent(id, "its container ended with status " + facts.getOrDefault("exitCode", "?"));
                case "destroy" -> told.putIfAbsent(id, "its container was removed by somebody outside");
                default -> { }
            }
            told.notifyAll();
        }
    }

    /** Why a container ended, for as long as the engine may need to say so; empty when it said nothing. */
    Optional<String> whyEnded(String container, Duration patience) {
        long end = System.nanoTime() + patience.toNanos();
        synchronized (told) {
            while (!told.containsKey(container)) {
                long left = TimeUnit.NANOSECONDS.toMillis(end - System.nanoTime());
                if (left <= 0) {
                    return Optional.empty();
                }
                try {
                    told.wait(left);
                } catch (InterruptedException e) {
                    Thread.currentThread().interrupt();
                    return Optional.empty();
                }
            }
            return Optional.ofNullable(told.get(container));
        }
    }

    @Override
    public void close() {
        closed = true;
        listener.interrupt();
        Closeable open = stream;
        if (open != null) {
            try {
                open.close();
            } catch (IOException e) {
                LOG.debug("events not closed: reason={}", e.toString());
            }
        }
    }
}
