package io.openshell.cli.output;

/** What {@code -o} accepts. */
public enum OutputFormat {
    table, json, yaml
}
