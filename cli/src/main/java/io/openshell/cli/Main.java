package io.openshell.cli;

/** Entry point of the {@code openshell} program. */
public final class Main {
    private Main() {}

    /** Runs one command and ends the process with its exit status. */
    public static void main(String[] args) {
        System.exit(CommandLineRunner.ofProcess().run(args));
    }
}
