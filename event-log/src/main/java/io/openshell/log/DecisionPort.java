package io.openshell.log;

/**
 * What the deciding loop asks of the state. One loop calls it from one thread.
 *
 * <p>Between two writes the port sees: {@code decide} for every command of a batch, in log order, then exactly
 * one of {@code committed} and {@code aborted}. A decision must count the events of earlier decisions of the same
 * batch, although they are not in the log yet.
 */
public interface DecisionPort {
    /**
     * Tells whether the fold has passed every event of a partition that the log held at some moment.
     *
     * @param partition partition of the events topic, the same number as that of its commands
     * @param eventsEndOffset the offset behind the beginning of the term in which it is to be decided here
     */
    boolean ready(int partition, long eventsEndOffset);

    /**
     * Whether so much of what was decided is not folded here yet that nothing more is to be decided for the moment. The
     * commands wait in the log.
     */
    boolean behind();

    /** Decides one command. A throw stops the command's partition, it is never skipped. */
    Decided decide(LogRecord command);

    /** The events of all decisions since the last call are in the log. */
    void committed();

    /**
     * Which of the decisions since the last call took effect, if any, is not known here: the fold will tell, before anything else
     * is decided. Commands whose decisions took none come again, here or in another process.
     */
    void aborted();
}
