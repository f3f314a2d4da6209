package io.openshell.agent.session;

import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/** Bounds the bytes that were handed to the connection but not yet taken by the gateway. Safe for any thread. */
final class SendWindow {

    private final ReentrantLock lock = new ReentrantLock();
    private final Condition room = lock.newCondition();
    private final int limit;
    private int inFlight;
    private boolean closed;

    SendWindow(int limit) {
        this.limit = limit;
    }

    /**
     * Waits for room, as long as the session lasts: this is what holds a process back whose reader is slow. A piece
     * larger than the window goes alone. False means that the window was closed and nothing was taken.
     */
    boolean take(int bytes) {
        lock.lock();
        try {
            while (!closed && inFlight > 0 && inFlight + bytes > limit) {
                room.awaitUninterruptibly();
            }
            if (closed) {
                return false;
            }
            inFlight += bytes;
            return true;
        } finally {
            lock.unlock();
        }
    }

    /** The gateway has taken this many bytes. */
    void give(int bytes) {
        lock.lock();
        try {
            inFlight -= bytes;
            room.signalAll();
        } finally {
            lock.unlock();
        }
    }

    /** Lets everybody who waits go on without sending. */
    void close() {
        lock.lock();
        try {
            closed = true;
            room.signalAll();
        } finally {
            lock.unlock();
        }
    }
}
