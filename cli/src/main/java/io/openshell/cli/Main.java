package io.openshell.cli;

/** Entry point of the {@code openshell} program. */
public final class Main {
    private Main() {}

    /** Runs one command and ends the process with its exit status. */
    public static void main(String[] args) {
        int status = CommandLineRunner.ofProcess().run(args);
        // A command that returned has given back everything itself: hooks are for signals, and an exit that waits for them
        // first sets up the JDK's logging to tell of it.
        Runtime.getRuntime().halt(status);
    }
}
