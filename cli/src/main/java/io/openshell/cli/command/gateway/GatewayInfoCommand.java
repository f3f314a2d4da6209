package io.openshell.cli.command.gateway;

import io.openshell.cli.ExitCodes;
import io.openshell.cli.client.Rpc;
import io.openshell.cli.command.CliContext;
import io.openshell.cli.command.Session;
import io.openshell.cli.output.OutputFormat;
import io.openshell.wire.v1.ComputeDriverInfo;
import io.openshell.wire.v1.GetGatewayInfoRequest;
import io.openshell.wire.v1.GetGatewayInfoResponse;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code gateway info}. */
@Command(name = "info", description = "Shows version, state and runtimes of the gateway.")
public final class GatewayInfoCommand implements Callable<Integer> {
    private final CliContext context;

    @Option(names = "-o", paramLabel = "FORMAT", description = "table, json or yaml.")
    OutputFormat format = OutputFormat.table;

    GatewayInfoCommand(CliContext context) {
        this.context = context;
    }

    @Override
    public Integer call() {
        Session session = context.session();
        GetGatewayInfoResponse info = session.client().call(Rpc.GATEWAY_INFO, GetGatewayInfoRequest.getDefaultInstance());
        Map<String, @Nullable Object> document =
                GatewayTable.document(context.choice().entry(), GatewayTable.active(context));
        document.put("version", info.getGatewayVersion());
        document.put("status", info.getStatus().name().replace("SERVICE_STATUS_", "").toLowerCase(Locale.ROOT));
        document.put("compute_drivers", info.getComputeDriversList().stream().map(ComputeDriverInfo::getName).toList());
        if (format == OutputFormat.table) {
            document.forEach((key, value) -> context.printer().line(String.format("%-17s %s", key + ":",
                    value == null ? "-" : value)));
        } else {
            context.printer().document(format, document);
        }
        return ExitCodes.OK;
    }
}
