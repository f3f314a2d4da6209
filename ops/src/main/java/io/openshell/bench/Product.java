package io.openshell.bench;

import io.openshell.cli.client.Endpoint;
import io.openshell.cli.client.GatewayClient;
import io.openshell.log.kafka.EmbeddedBroker;
import io.openshell.log.kafka.KafkaSettings;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;

/**
 * The product under measurement and the tools to measure it with.
 *
 * @param script the launcher script
 * @param state folder of the local gateway's state; belongs to this run
 * @param java program that starts a JVM
 * @param classPath where this program's classes are
 * @param shell runs and times programs
 */
public record Product(Path script, Path state, Path java, String classPath, ShellClock shell) {
    /** The command line with these arguments, as a line of shell. */
    public String command(String arguments) {
        return "timeout 100 '" + script + "' " + arguments;
    }

    /** The local gateway's Unix socket. */
    public Path socket() {
        return state.resolve("gateway.sock");
    }

    /** Calls to it, each over a connection of its own. */
    public GatewayClient client() {
        return new GatewayClient(new Endpoint.Unix(socket()), Map.of());
    }

    /** Process id of the running gateway. */
    public long gatewayPid() {
        return Long.parseLong(read(state.resolve("gateway.pid")).strip());
    }

    /** How a client connects to the broker inside the gateway. */
    public KafkaSettings broker() {
        try {
            return EmbeddedBroker.settingsOf(state.resolve("log"));
        } catch (IOException e) {
            throw new UncheckedIOException("cannot read how the broker is reached", e);
        }
    }

    /** Whether a program is there. */
    public boolean has(String program) {
        return shell.run("command -v " + program).status() == 0;
    }

    private static String read(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException e) {
            throw new UncheckedIOException("cannot read " + file, e);
        }
    }
}
