package io.openshell.agent.runtime;

/** Receives a session's output in order, from one thread at a time. */
public interface OutputListener {
    /** Which of the two outputs; a terminal has only STDOUT. */
    enum Stream { STDOUT, STDERR }

    /** A piece of output; the array belongs to the listener. */
    void onOutput(Stream stream, byte[] data);

    /** No more output follows. Called once. */
    void onEnd();
}
