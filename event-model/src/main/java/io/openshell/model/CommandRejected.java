package io.openshell.model;

/**
 * A command was refused. Stands in the stream it was meant for, so that an auditor sees it, and changes no state.
 *
 * @param command name of the refused command, for example {@code Create}
 * @param count refusals of the same actor for the same reason that this one event stands for, from 1
 */
public record CommandRejected(String command, Rejection rejection, int count) implements Event {

    /** One refusal. */
    public CommandRejected(String command, Rejection rejection) {
        this(command, rejection, 1);
    }
}
