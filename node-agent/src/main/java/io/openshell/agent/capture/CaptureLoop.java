package io.openshell.agent.capture;

import io.openshell.agent.linux.EventPoll;
import io.openshell.agent.linux.KernelException;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One thread for the held packets of all sandboxes, and two that find out whose they are. The threads live as long as there is a
 * sandbox to watch. Thread safe.
 */
public final class CaptureLoop {
    private static final Logger LOG = LoggerFactory.getLogger(CaptureLoop.class);
    private static final long TICK_MILLIS = 250;
    private static final int WORKERS = 2;
    private static final int WAITING = 128;
    private final Map<Integer, DirectWatch> watches = new HashMap<>();
    private final ThreadPoolExecutor workers;
    private @Nullable EventPoll poll;
    private int lastToken;

    /** Starts nothing yet. */
    public CaptureLoop() {
        workers = new ThreadPoolExecutor(WORKERS, WORKERS, 5, TimeUnit.SECONDS, new ArrayBlockingQueue<>(WAITING), task -> {
            Thread thread = new Thread(task, "capture-identify");
            thread.setDaemon(true);
            return thread;
        });
        workers.allowCoreThreadTimeOut(true);
    }

    ThreadPoolExecutor workers() {
        return workers;
    }

    /** Begins to watch; the token ends it. */
    synchronized int add(DirectWatch watch, int queue) {
        EventPoll into = poll;
        if (into == null) {
            into = new EventPoll();
            poll = into;
            EventPoll own = into;
            Thread thread = new Thread(() -> run(own), "capture");
            thread.setDaemon(true);
            thread.start();
        }
        int token = ++lastToken;
        watches.put(token, watch);
        into.add(queue, token);
        return token;
    }

    /** Watches no more; the queue is still the caller's to close. */
    synchronized void remove(int token, int queue) {
        if (watches.remove(token) != null && poll != null) {
            poll.remove(queue);
        }
    }

    private synchronized @Nullable DirectWatch find(int token) {
        return watches.get(token);
    }

    private synchronized Iterable<DirectWatch> all() {
        return java.util.List.copyOf(watches.values());
    }

    private synchronized boolean over(EventPoll own) {
        if (watches.isEmpty()) {
            poll = null;
            own.close();
            return true;
        }
        return false;
    }

    private void run(EventPoll own) {
        try {
            long ticked = System.nanoTime();
            while (!over(own)) {
                for (int token : own.await(TICK_MILLIS)) {
                    DirectWatch watch = find(token);
                    if (watch != null) {
                        watch.readable();
                    }
                }
                long now = System.nanoTime();
                if (now - ticked > TimeUnit.MILLISECONDS.toNanos(TICK_MILLIS)) {
                    ticked = now;
                    all().forEach(watch -> watch.expire(now));
                }
            }
        } catch (KernelException e) {
            LOG.error("direct attempts are refused without being recorded from now on", e);
        }
    }
}
