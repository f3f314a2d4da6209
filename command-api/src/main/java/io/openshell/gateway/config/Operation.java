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
 * @param kafkaConfig file of client settings for an existing cluster
 * @param jsonLogs whether the process's own log is JSON, one object a line
 * @param commandsPerSecond of one caller, for long; twice as many at once; 0 for any number
 * @param containers where container images come in
 * @param archiveConfig file that holds the connection string of an event store which events are mirrored into
 */
public record Operation(
        boolean runsNode, String givenNodeId, Optional<Path> kafkaConfig, boolean jsonLogs, int commandsPerSecond,
        Containers containers, Optional<Path> archiveConfig) {

    /** Commands a second that one caller may send unless told otherwise: far more than people and scripts need. */
    public static final int COMMANDS_PER_SECOND = 5_000;

    /** Runs a node under the usual name and writes plain log lines. */
    public static final Operation USUAL = new Operation(true, "", Optional.empty(), false, COMMANDS_PER_SECOND, Containers.USUAL, Optional.empty());

    private static final int LONGEST_NODE_ID = 63;

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
        return new Operation(false, givenNodeId, kafkaConfig, jsonLogs, commandsPerSecond, containers, archiveConfig);
    }

    Operation withJsonLogs() {
        return new Operation(runsNode, givenNodeId, kafkaConfig, true, commandsPerSecond, containers, archiveConfig);
    }

    private Operation with(Containers next) {
        return new Operation(runsNode, givenNodeId, kafkaConfig, jsonLogs, commandsPerSecond, next, archiveConfig);
    }

    Operation with(String option, String value) {
        return switch (option) {
            case "--node-id" -> new Operation(runsNode, value, kafkaConfig, jsonLogs, commandsPerSecond, containers, archiveConfig);
            case "--kafka-config" ->
                new Operation(runsNode, givenNodeId, Optional.of(Path.of(value)), jsonLogs, commandsPerSecond, containers, archiveConfig);
            case "--commands-per-second" ->
                new Operation(runsNode, givenNodeId, kafkaConfig, jsonLogs, number(option, value), containers, archiveConfig);
            case "--archive-config" -> new Operation(
                runsNode, givenNodeId, kafkaConfig, jsonLogs, commandsPerSecond, containers, Optional.of(Path.of(value)));
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
