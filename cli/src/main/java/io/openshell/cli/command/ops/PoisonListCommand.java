package io.openshell.cli.command.ops;

import io.openshell.cli.ExitCodes;
import io.openshell.cli.client.Rpc;
import io.openshell.cli.command.CliContext;
import io.openshell.cli.output.OutputFormat;
import io.openshell.wire.control.v1.GetLogStatusRequest;
import io.openshell.wire.control.v1.PoisonedStream;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code ops poison list}. */
@Command(name = "list", description = "Lists the streams that take no commands, and why.")
final class PoisonListCommand implements Callable<Integer> {
    private final CliContext context;

    @Option(names = "-o", paramLabel = "FORMAT", description = "table, json or yaml.")
    OutputFormat format = OutputFormat.table;

    PoisonListCommand(CliContext context) {
        this.context = context;
    }

    @Override
    public Integer call() {
        List<PoisonedStream> found = context.session().client()
                .call(Rpc.LOG_STATUS, GetLogStatusRequest.getDefaultInstance()).getPoisonedList();
        if (format != OutputFormat.table) {
            context.printer().document(format, found.stream().map(PoisonListCommand::document).toList());
        } else if (found.isEmpty()) {
            context.printer().line("No stream is poisoned.");
        } else {
            found.forEach(each -> context.printer().line(String.format("%s at version %d (partition %d, offset %d): %s%s",
                    each.getStream(), each.getVersion(), each.getPartition(), each.getOffset(), each.getReason(),
                    each.getNewer() ? "; upgrade the gateway" : "")));
        }
        return ExitCodes.OK;
    }

    private static Map<String, @Nullable Object> document(PoisonedStream stream) {
        Map<String, @Nullable Object> document = new LinkedHashMap<>();
        document.put("stream", stream.getStream());
        document.put("version", stream.getVersion());
        document.put("partition", stream.getPartition());
        document.put("offset", stream.getOffset());
        document.put("reason", stream.getReason());
        document.put("newer", stream.getNewer());
        return document;
    }
}
