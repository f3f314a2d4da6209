package io.openshell.gateway.config;

import java.nio.file.Path;
import java.util.Iterator;
import java.util.List;
import java.util.Map;

/**
 * How one gateway runs. Immutable.
 *
 * @param port of the loopback listener, 1 to 65535
 * @param folders where it keeps things
 * @param kafka bootstrap servers as {@code host:port}; empty means a broker inside this process
 * @param plaintextLoopback whether the loopback listener takes callers without TLS and without any proof of who they are
 * @param localUser name of the person who owns this process
 * @param operation what an operator may want otherwise
 */
public record GatewayConfig(
        int port, Folders folders, List<String> kafka, boolean plaintextLoopback, String localUser, Operation operation) {

    /** With the usual operation. */
    public GatewayConfig(int port, Folders folders, List<String> kafka, boolean plaintextLoopback, String localUser) {
        this(port, folders, kafka, plaintextLoopback, localUser, Operation.USUAL);
    }

    /** Port when nobody names one. */
    public static final int DEFAULT_PORT = 17_670;

    private static final int HIGHEST_PORT = 65_535;

    /**
     * Where the gateway keeps things; each is the product's own folder, not the base it stands in.
     *
     * @param state certificates and the local socket
     * @param config what clients read: registrations and their certificates
     * @param data logs and stores
     */
    public record Folders(Path state, Path config, Path data) {

        /** The socket local callers use. */
        public Path socket() {
            return state.resolve("gateway.sock");
        }

        /** The certificates of this gateway. */
        public Path tls() {
            return state.resolve("tls");
        }
    }

    public GatewayConfig {
        if (port < 1 || port > HIGHEST_PORT) {
            throw new InvalidConfig("the port must be between 1 and 65535, not " + port);
        }
        kafka = List.copyOf(kafka);
        for (String server : kafka) {
            int colon = server.lastIndexOf(':');
            if (colon < 1) {
                throw new InvalidConfig("--kafka takes HOST:PORT[,HOST:PORT...], not '" + server + "'");
            }
            port("--kafka", server.substring(colon + 1));
        }
    }

    /**
     * Reads arguments and environment; an argument wins over a variable.
     *
     * @throws InvalidConfig when one of them makes no sense; the message names it
     */
    public static GatewayConfig from(List<String> arguments, Map<String, String> environment, String localUser) {
        Operation operation = Operation.USUAL.withVariables(environment);
        int port = port("OPENSHELL_GATEWAY_PORT",
                environment.getOrDefault("OPENSHELL_GATEWAY_PORT", String.valueOf(DEFAULT_PORT)));
        List<String> kafka = List.of();
        boolean plaintext = false;
        for (Iterator<String> rest = arguments.iterator(); rest.hasNext(); ) {
            String argument = rest.next();
            switch (argument) {
                case "--port" -> port = port(argument, value(argument, rest));
                case "--kafka" -> kafka = List.of(value(argument, rest).split(","));
                case "--allow-plaintext-loopback" -> plaintext = true;
                case "--no-node" -> operation = operation.withoutNode();
                case "--json-logs" -> operation = operation.withJsonLogs();
                case "--node-id", "--kafka-config", "--vault-key", "--archive-config", "--commands-per-second", "--docker-host",
                        "--default-image" ->
                        operation = operation.with(argument, value(argument, rest));
                default -> throw new InvalidConfig("unknown argument '" + argument + "'");
            }
        }
        return new GatewayConfig(port, folders(environment), kafka, plaintext, localUser, operation);
    }

    private static Folders folders(Map<String, String> environment) {
        return new Folders(
                folder(environment, "XDG_STATE_HOME", ".local/state"),
                folder(environment, "XDG_CONFIG_HOME", ".config"),
                folder(environment, "XDG_DATA_HOME", ".local/share"));
    }

    private static Path folder(Map<String, String> environment, String variable, String belowHome) {
        String base = environment.getOrDefault(variable, "");
        if (!base.isEmpty()) {
            return Path.of(base).toAbsolutePath().resolve("openshell");
        }
        String home = environment.getOrDefault("HOME", "");
        if (home.isEmpty()) {
            throw new InvalidConfig("set " + variable + " or HOME: there is no place for the gateway's files");
        }
        return Path.of(home, belowHome).resolve("openshell");
    }

    private static String value(String option, Iterator<String> rest) {
        if (!rest.hasNext()) {
            throw new InvalidConfig(option + " needs a value");
        }
        return rest.next();
    }

    private static int port(String name, String text) {
        try {
            int port = Integer.parseInt(text.trim());
            if (port >= 1 && port <= HIGHEST_PORT) {
                return port;
            }
        } catch (NumberFormatException notANumber) {
            throw new InvalidConfig(name + " needs a port number, not '" + text + "'");
        }
        throw new InvalidConfig(name + " needs a port between 1 and 65535, not '" + text + "'");
    }

    /** An argument or variable makes no sense. */
    public static final class InvalidConfig extends IllegalArgumentException {
        private static final long serialVersionUID = 1L;

        InvalidConfig(String message) {
            super(message);
        }
    }
}
