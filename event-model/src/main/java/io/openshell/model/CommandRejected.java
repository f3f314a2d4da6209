package io.openshell.model;

/**
 * A command was refused. Stands in the stream it was meant for, so that an auditor sees it, and changes no state.
 *
 * @param command name of the refused command, for example {@code Create}
 */
public record CommandRejected(String command, Rejection rejection) implements Event {}
