package io.openshell.agent.session;

/** How a session ended, as far as its agent saw. */
public sealed interface SessionEnd {

    /**
     * The process ended while the session was served, on its own or because the session's end ended it.
     *
     * @param code its status, 128 + signal when killed by one, 124 when its time was over
     */
    record Exited(int code) implements SessionEnd {}

    /** The caller left the main process, which runs on. */
    record Detached() implements SessionEnd {}

    /**
     * Nothing ran.
     *
     * @param code stable upper-snake code
     * @param message one sentence for people
     */
    record NotStarted(String code, String message) implements SessionEnd {}

    /**
     * The connection broke or one side gave up; what an exec had started was ended.
     *
     * @param reason one sentence for people
     */
    record Lost(String reason) implements SessionEnd {}
}
