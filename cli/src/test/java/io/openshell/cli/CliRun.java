package io.openshell.cli;

import io.openshell.cli.command.CliContext;
import io.openshell.cli.config.Environment;
import io.openshell.cli.config.Installation;
import io.openshell.cli.output.Printer;
import io.openshell.cli.terminal.Terminal;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;

/** Runs the real command line in a folder of its own and keeps what it said. */
final class CliRun {
    private final Path folder;
    private final Map<String, String> environment = new HashMap<>();
    private byte[] input = new byte[0];

    CliRun(Path folder) {
        this.folder = folder;
        environment.putAll(Map.of("HOME", folder.toString(), "XDG_CONFIG_HOME", folder.resolve("config").toString(),
                "XDG_STATE_HOME", folder.resolve("state").toString(),
                "OPENSHELL_SYSTEM_GATEWAY_DIR", folder.resolve("system").toString()));
    }

    CliRun with(String variable, String value) {
        environment.put(variable, value);
        return this;
    }

    CliRun typing(String text) {
        input = text.getBytes(StandardCharsets.UTF_8);
        return this;
    }

    Path config() {
        return folder.resolve("config/openshell");
    }

    Path system() {
        return folder.resolve("system");
    }

    Path socket() {
        return folder.resolve("state/openshell/gateway.sock");
    }

    Outcome run(String... args) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        ByteArrayOutputStream err = new ByteArrayOutputStream();
        Printer printer = new Printer(new PrintStream(out, true, StandardCharsets.UTF_8),
                new PrintStream(err, true, StandardCharsets.UTF_8));
        int exitCode = new CommandLineRunner(new CliContext(new Environment(environment),
                new Installation(folder.resolve("no-dist"), Path.of("java")), new ByteArrayInputStream(input), printer,
                new Terminal(folder.resolve("no-descriptors")))).run(args);
        return new Outcome(exitCode, out.toString(StandardCharsets.UTF_8), err.toString(StandardCharsets.UTF_8));
    }

    record Outcome(int exitCode, String out, String err) {}
}
