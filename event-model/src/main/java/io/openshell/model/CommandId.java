package io.openshell.model;

/** Identity of one command, at most 128 characters. Retrying with the same id is safe. */
public record CommandId(String value) {
    public CommandId {
        if (value.isEmpty() || value.length() > 128) {
            throw new IllegalArgumentException("a command id has 1 to 128 characters");
        }
    }
}
