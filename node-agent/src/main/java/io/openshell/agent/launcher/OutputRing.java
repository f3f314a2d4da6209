package io.openshell.agent.launcher;

import io.openshell.agent.runtime.OutputListener;
import io.openshell.agent.runtime.OutputListener.Stream;
import io.openshell.agent.runtime.Subscription;
import java.io.IOException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The last output of a process and whoever listens to it. Delivery is under one lock, so every listener sees one order. */
final class OutputRing {
    static final int LIMIT_BYTES = 1 << 20;


    private static final class Attachment {
        final OutputListener listener;
        volatile boolean closed;

        Attachment(OutputListener listener) {
            this.listener = listener;
        }
    }

    private final boolean waitForListener;
    private final Deque<OutputJournal.Piece> retained = new ArrayDeque<>();
    private final List<Attachment> attachments = new ArrayList<>();
    private volatile int bytes;
    private volatile boolean everAttached;
    private boolean ended;
    private @Nullable OutputJournal journal;

    /** @param waitForListener stop taking output when full until somebody has listened, instead of forgetting the oldest */
    OutputRing(boolean waitForListener) {
        this.waitForListener = waitForListener;
    }

    /** Whether more output may be read from the process now. */
    boolean accepts() {
        return !waitForListener || everAttached || bytes < LIMIT_BYTES;
    }

    synchronized void add(Stream stream, byte[] data) {
        OutputJournal kept = journal;
        if (kept != null) {
            kept.add(stream, data);
        }
        retain(new OutputJournal.Piece(stream, data));
        for (Attachment a : attachments) {
            if (!a.closed) {
                a.listener.onOutput(stream, data.clone());
            }
        }
        attachments.removeIf(a -> a.closed);
    }

    /** Starts with what an earlier agent had read, and writes down what follows for the next one. */
    synchronized void keep(OutputJournal kept) throws IOException {
        kept.pieces().forEach(this::retain);
        journal = kept;
    }

    /** Nothing more is written down. */
    synchronized void closeJournal() throws IOException {
        OutputJournal kept = journal;
        if (kept != null) {
            kept.close();
        }
    }

    private void retain(OutputJournal.Piece piece) {
        retained.add(piece);
        bytes += piece.data().length;
        while (bytes > LIMIT_BYTES && retained.size() > 1) {
            bytes -= retained.remove().data().length;
        }
    }

    synchronized void end() {
        ended = true;
        attachments.stream().filter(a -> !a.closed).forEach(a -> a.listener.onEnd());
        attachments.clear();
    }

    synchronized Subscription attach(OutputListener listener) {
        Attachment a = new Attachment(listener);
        for (OutputJournal.Piece p : retained) {
            listener.onOutput(p.stream(), p.data().clone());
        }
        everAttached = true;
        if (ended) {
            listener.onEnd();
        } else {
            attachments.add(a);
        }
        return () -> a.closed = true;
    }
}
