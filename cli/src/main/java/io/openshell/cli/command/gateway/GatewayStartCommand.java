package io.openshell.cli.command.gateway;

import io.openshell.cli.CliException;
import io.openshell.cli.ExitCodes;
import io.openshell.cli.command.CliContext;
import io.openshell.cli.command.Session;
import io.openshell.cli.config.Installation;
import io.openshell.cli.local.GatewayStart;
import io.openshell.cli.local.LocalGateway;
import io.openshell.cli.output.Steps;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code gateway start}. */
@Command(name = "start", description = "Starts the gateway of this machine.")
public final class GatewayStartCommand implements Callable<Integer> {
    private static final Pattern HEAP = Pattern.compile("[1-9][0-9]{0,5}[mg]");

    private final CliContext context;

    @Option(names = "--port", paramLabel = "PORT", description = "TCP port for other clients (default: OPENSHELL_GATEWAY_PORT or 17670).")
    @Nullable Integer port;

    @Option(names = "--kafka", paramLabel = "HOST:PORT[,HOST:PORT]", description = "Existing Kafka cluster (default: built in).")
    @Nullable String kafka;

    @Option(names = "--kafka-config", paramLabel = "FILE", description = "Properties file that says how to connect to that cluster (SASL, TLS).")
    @Nullable Path kafkaConfig;

    @Option(names = "--archive-config", paramLabel = "FILE",
            description = "File with the connection string of an EventStoreDB that events are mirrored into.")
    @Nullable Path archiveConfig;

    @Option(names = "--vault-key", paramLabel = "FILE", description = "Key of 32 bytes that gateways of one cluster share for secrets (default: one of its own).")
    @Nullable Path vaultKey;

    @Option(names = "--node-id", paramLabel = "ID", description = "Name of this host among nodes (default: OPENSHELL_NODE_ID, local, or the host's).")
    @Nullable String nodeId;

    @Option(names = "--no-node", description = "Run no sandboxes in this process.")
    boolean noNode;

    @Option(names = "--json-logs", description = "Write the gateway's own log as JSON, one object a line.")
    boolean jsonLogs;

    @Option(names = "--commands-per-second", paramLabel = "N", description = "Commands one caller may send, for long (default: 5000, 0: any number).")
    @Nullable Integer commandsPerSecond;

    @Option(names = "--heap", paramLabel = "SIZE", description = "Largest heap of the gateway, such as 384m (the default) or 2g.")
    @Nullable String heap;

    @Option(names = "--foreground", description = "Run in this terminal until it is stopped.")
    boolean foreground;

    GatewayStartCommand(CliContext context) {
        this.context = context;
    }

    @Override
    public Integer call() {
        GatewayStart how = new GatewayStart(Session.port(context, port), kafka, arguments(), true, heap());
        LocalGateway local = context.localGateway();
        if (foreground) {
            return local.runInForeground(how);
        }
        try (Steps steps = context.steps()) {
            boolean started = local.start(how, steps);
            context.printer().note(started ? "✓ Gateway started on port " + how.port() : "✓ Gateway is running already");
        }
        return ExitCodes.OK;
    }

    private String heap() {
        if (heap != null && !HEAP.matcher(heap).matches()) {
            throw new CliException("--heap takes a number of mebibytes or gibibytes, such as 512m or 2g; this is '" + heap + "'.");
        }
        return heap == null ? Installation.DEFAULT_HEAP : heap;
    }

    private List<String> arguments() {
        List<String> arguments = new ArrayList<>();
        add(arguments, "--kafka-config", kafkaConfig == null ? null : kafkaConfig.toAbsolutePath());
        add(arguments, "--archive-config", archiveConfig == null ? null : archiveConfig.toAbsolutePath());
        add(arguments, "--vault-key", vaultKey == null ? null : vaultKey.toAbsolutePath());
        add(arguments, "--node-id", nodeId);
        add(arguments, "--commands-per-second", commandsPerSecond);
        if (noNode) {
            arguments.add("--no-node");
        }
        if (jsonLogs) {
            arguments.add("--json-logs");
        }
        return arguments;
    }

    private static void add(List<String> arguments, String option, @Nullable Object value) {
        if (value != null) {
            arguments.add(option);
            arguments.add(value.toString());
        }
    }
}
