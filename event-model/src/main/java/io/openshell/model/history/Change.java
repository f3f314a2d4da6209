package io.openshell.model.history;

/**
 * One fact that differs between two states.
 *
 * @param path what it is about, for example {@code policy.network.web.endpoint example.com:443}
 */
public sealed interface Change {

    /** What it is about. */
    String path();

    /** Only the later state has it. */
    record Added(String path, String value) implements Change {}

    /** Only the earlier state has it. */
    record Removed(String path, String value) implements Change {}

    /** Both have it, with other values. */
    record Changed(String path, String before, String after) implements Change {}
}
