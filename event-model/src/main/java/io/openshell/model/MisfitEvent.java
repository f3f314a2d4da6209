package io.openshell.model;

/** An event that cannot follow the state it is applied to. Its stream stops accepting commands; nothing is guessed. */
public final class MisfitEvent extends RuntimeException {

    private static final long serialVersionUID = 1L;

    /** Names the event and the state it met. */
    public MisfitEvent(String event, String state) {
        super(event + " cannot follow " + state);
    }
}
