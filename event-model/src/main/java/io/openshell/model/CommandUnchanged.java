package io.openshell.model;

/**
 * A command asked for what held already. Recorded so that the caller's wait ends and an auditor sees who asked; changes
 * no state.
 *
 * @param command name of the command, for example {@code Stop}
 */
public record CommandUnchanged(String command) implements Event {}
