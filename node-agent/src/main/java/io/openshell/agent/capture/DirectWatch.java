package io.openshell.agent.capture;

import io.openshell.agent.identity.CallerLookup;
import io.openshell.agent.identity.CallerResult;
import io.openshell.agent.linux.Fd;
import io.openshell.agent.linux.PacketQueue;
import io.openshell.agent.runtime.DirectAttempt;
import io.openshell.agent.runtime.DirectAttempt.Transport;
import io.openshell.agent.runtime.DirectTraffic;
import io.openshell.proxy.AttemptRate;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The direct attempts of one sandbox. A packet is held while its sender is looked for: the program still waits then, so its socket is
 * still there. Afterwards, or after two seconds, the packet goes on to be refused.
 */
public final class DirectWatch implements DirectTraffic {
    private static final Logger LOG = LoggerFactory.getLogger(DirectWatch.class);
    private static final long LIMIT_NANOS = 2_000_000_000L;
    private static final int MOST_AT_ONCE = 64;
    private static final int MOST_EARLY = 32;
    private final CaptureLoop loop;
    private final CaptureSockets sockets;
    private final CallerLookup callers;
    private final Map<Integer, Held> held = new ConcurrentHashMap<>();
    private final AtomicLong overlooked = new AtomicLong();
    private final AttemptRate rate = new AttemptRate(System.nanoTime());
    private final List<DirectAttempt> early = new ArrayList<>();
    private @Nullable Consumer<DirectAttempt> listener;
    private boolean given;
    private boolean closed;
    private final int token;

    private record Held(Packet packet, long until) {}

    /** Owns the sockets from now on. */
    public DirectWatch(CaptureLoop loop, CaptureSockets sockets, CallerLookup callers) {
        this.loop = loop;
        this.sockets = sockets;
        this.callers = callers;
        this.token = sockets.present() ? loop.add(this, sockets.queue()) : 0;
    }

    @Override
    public Optional<String> absent() {
        return sockets.present() ? Optional.empty() : Optional.of(sockets.absent());
    }

    @Override
    public synchronized Entries entries() {
        if (given || closed || !sockets.present()) {
            return Entries.NONE;
        }
        given = true;
        return new Entries(sockets.streams(), sockets.names(), sockets.nameStreams());
    }

    @Override
    public void watch(Consumer<DirectAttempt> told) {
        List<DirectAttempt> before;
        synchronized (early) {
            listener = told;
            before = List.copyOf(early);
            early.clear();
        }
        before.forEach(told);
    }

    /** A program may be quicker than whoever will listen. */
    private void tell(DirectAttempt attempt) {
        Consumer<DirectAttempt> now;
        synchronized (early) {
            now = listener;
            if (now == null && early.size() < MOST_EARLY) {
                early.add(attempt);
            }
        }
        if (now != null) {
            now.accept(attempt);
        }
    }

    @Override
    public synchronized void close() {
        if (closed) {
            return;
        }
        closed = true;
        if (token != 0) {
            loop.remove(token, sockets.queue());
        }
        Fd.close(sockets.queue());
        if (!given) {
            List.of(sockets.streams(), sockets.names(), sockets.nameStreams()).forEach(Fd::close);
        }
    }

    /** Takes in what the kernel holds. On the loop's thread. */
    void readable() {
        for (int i = 0; i < MOST_AT_ONCE; i++) {
            PacketQueue.Held next = next();
            if (next == null) {
                return;
            }
            Optional<Packet> packet = Packet.parse(next.start());
            if (packet.isEmpty() || !rate.take(packet.get(), System.nanoTime())) {
                overlook(next.id());
            } else {
                look(next.id(), packet.get());
            }
        }
    }

    private synchronized PacketQueue.@Nullable Held next() {
        return closed ? null : PacketQueue.next(sockets.queue());
    }

    private void look(int id, Packet packet) {
        held.put(id, new Held(packet, System.nanoTime() + LIMIT_NANOS));
        try {
            loop.workers().execute(() -> decide(id, () -> caller(packet)));
        } catch (RejectedExecutionException full) {
            held.remove(id);
            overlook(id);
        }
    }

    private void overlook(int id) {
        overlooked.incrementAndGet();
        release(id);
    }

    private CallerResult caller(Packet packet) {
        return switch (packet.transport()) {
            case TCP -> callers.find(packet.from(), packet.to());
            case UDP -> callers.findDatagram(packet.from(), packet.to());
            case OTHER -> new CallerResult.Unknown("its protocol has no ports to find it by");
        };
    }

    /** Looks for the sender, tells, and lets go; unless somebody else did. */
    private void decide(int id, java.util.function.Supplier<CallerResult> who) {
        Held mine = held.get(id);
        if (mine == null) {
            return;
        }
        CallerResult caller = who.get();
        if (held.remove(id, mine)) {
            try {
                Packet packet = mine.packet();
                tell(new DirectAttempt(packet.transport(), packet.from(), packet.to(), caller, overlooked.getAndSet(0)));
            } catch (RuntimeException e) {
                LOG.error("a direct attempt could not be recorded; it was refused", e);
            } finally {
                release(id);
            }
        }
    }

    /** Lets go of what was held for too long. On the loop's thread. */
    void expire(long now) {
        held.forEach((id, each) -> {
            if (now - each.until() > 0) {
                decide(id, () -> new CallerResult.Unknown("finding the caller took too long"));
            }
        });
    }

    private synchronized void release(int id) {
        if (!closed) {
            PacketQueue.release(sockets.queue(), id);
        }
    }
}
