package io.openshell.agent.capture;

/** Threads that change their network namespace and therefore never do anything else afterwards. */
final class NamespaceThread {
    private static final long DEADLINE_MILLIS = 5_000;
    private static final int STACK_BYTES = 256 * 1024;

    private NamespaceThread() {}

    /** Runs it on a thread of its own; returns when that has ended, or after five seconds. */
    static void run(Runnable work, String name) {
        Thread thread = new Thread(null, work, name, STACK_BYTES);
        thread.setDaemon(true);
        thread.start();
        try {
            thread.join(DEADLINE_MILLIS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
