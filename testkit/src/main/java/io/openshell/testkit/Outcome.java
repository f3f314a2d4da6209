package io.openshell.testkit;

/** How a program ended: its exit status and what it wrote. */
public record Outcome(int exitCode, String out, String err) {}
