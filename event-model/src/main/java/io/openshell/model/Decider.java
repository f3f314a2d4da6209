package io.openshell.model;

/**
 * The rules of one aggregate, as two pure functions. Neither reads a clock, draws a random number, logs or does I/O, so
 * that the same log always gives the same state.
 *
 * @param <C> its commands
 * @param <S> its states
 * @param <E> its events
 */
public interface Decider<C, S, E> {

    /** The state of a stream that holds no event. */
    S initial();

    /** What the command means in this state: events to record, or why it is refused. Changes nothing. */
    Decision<E> decide(C command, S state, Context context);

    /**
     * The state after the event. Total over what {@link #decide} can produce; an event that cannot follow the state
     * is a {@link MisfitEvent}, because then the log is corrupt or from a newer release.
     */
    S evolve(S state, E event, Context context);
}
