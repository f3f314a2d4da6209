package io.openshell.gateway.config;

import io.openshell.gateway.config.GatewayConfig.InvalidConfig;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * What an operator may want otherwise. Immutable.
 *
 * @param runsNode whether this process also runs sandboxes of this host
 * @param givenNodeId name of that node; empty for the usual one
 * @param files what the operator keeps in files
 * @param jsonLogs whether the process's own log is JSON, one object a line
 * @param commandsPerSecond of one caller, for long; twice as many at once; 0 for any number
 * @param containers where container images come in
 */
public record Operation(
        boolean runsNode, String givenNodeId, Files files, boolean jsonLogs, int commandsPerSecond, Containers containers) {

    /** Commands a second that one caller may send unless told otherwise: far more than people and scripts need. */
    public static final int COMMANDS_PER_SECOND = 5_000;

    /** Runs a node under the usual name and writes plain log lines. */
    public static final Operation USUAL = new Operation(true, "", Files.NONE, false, COMMANDS_PER_SECOND, Containers.USUAL);

    private static final int LONGEST_NODE_ID = 63;

    /**
     * Files whose content belongs in no argument.
     *
     * @param kafkaConfig client settings for an existing cluster
     * @param vaultKey the master key that gateways of one log share; empty for one of this gateway's own
     * @param archiveConfig the connection string of an event store which events are mirrored into
     */
    public record Files(Optional<Path> kafkaConfig, Optional<Path> vaultKey, Optional<Path> archiveConfig) {

        /** None of them. */
        public static final Files NONE = new Files(Optional.empty(), Optional.empty(), Optional.empty());
    }

    public Operation {
        if (!givenNodeId.isEmpty() && !givenNodeId.matches("[a-zA-Z0-9][a-zA-Z0-9._-]{0," + (LONGEST_NODE_ID - 1) + "}")) {
            throw new InvalidConfig("a node id has 1 to 63 letters, digits, dots, hyphens or underscores, not '" + givenNodeId + "'");
        }
        if (commandsPerSecond < 0) {
            throw new InvalidConfig("--commands-per-second must not be negative");
        }
    }

    Operation withVariables(Map<String, String> environment) {
        return with("--node-id", environment.getOrDefault("OPENSHELL_NODE_ID", "")).with(Containers.of(environment));
    }

    Operation withoutNode() {
        return new Operation(false, givenNodeId, files, jsonLogs, commandsPerSecond, containers);
    }

    Operation withJsonLogs() {
        return new Operation(runsNode, givenNodeId, files, true, commandsPerSecond, containers);
    }

    private Operation with(Files next) {
        return new Operation(runsNode, givenNodeId, next, jsonLogs, commandsPerSecond, containers);
    }

    private Operation with(Containers next) {
        return new Operation(runsNode, givenNodeId, files, jsonLogs, commandsPerSecond, next);
    }

    Operation with(String option, String value) {
        return switch (option) {
            case "--node-id" -> new Operation(runsNode, value, files, jsonLogs, commandsPerSecond, containers);
            case "--kafka-config" -> with(new Files(Optional.of(Path.of(value)), files.vaultKey(), files.archiveConfig()));
            case "--vault-key" -> with(new Files(files.kafkaConfig(), Optional.of(Path.of(value)), files.archiveConfig()));
            case "--archive-config" -> with(new Files(files.kafkaConfig(), files.vaultKey(), Optional.of(Path.of(value))));
            case "--commands-per-second" ->
                new Operation(runsNode, givenNodeId, files, jsonLogs, number(option, value), containers);
            case "--docker-host" -> with(containers.at(value));
            case "--default-image" -> with(containers.byDefault(value));
            default -> throw new InvalidConfig("unknown argument '" + option + "'");
        };
    }

    /**
     * The node this process runs: the given one; else {@code local} beside a log of its own, and a name made from the
     * host's on a shared one, so that hosts do not take each other's place. Empty when it runs none.
     */
    public Optional<String> node(boolean sharedLog, Supplier<String> hostname) {
        if (!runsNode) {
            return Optional.empty();
        }
        if (!givenNodeId.isEmpty()) {
            return Optional.of(givenNodeId);
        }
        if (!sharedLog) {
            return Optional.of("local");
        }
        String usable = hostname.get().replaceAll("[^a-zA-Z0-9._-]", "-").replaceFirst("^[^a-zA-Z0-9]+", "");
        return Optional.of(usable.isEmpty() ? "host" : usable.substring(0, Math.min(LONGEST_NODE_ID, usable.length())));
    }

    private static int number(String option, String value) {
        try {
            return Integer.parseInt(value.trim());
        } catch (NumberFormatException e) {
            throw new InvalidConfig(option + " needs a number, not '" + value + "'");
        }
    }
}
