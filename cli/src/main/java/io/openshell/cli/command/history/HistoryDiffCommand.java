package io.openshell.cli.command.history;

import io.openshell.cli.ExitCodes;
import io.openshell.cli.client.TimelineRpc;
import io.openshell.cli.command.CliContext;
import io.openshell.cli.command.LogPoint;
import io.openshell.cli.command.Session;
import io.openshell.cli.output.ChangeView;
import io.openshell.cli.output.OutputFormat;
import io.openshell.model.history.Change;
import io.openshell.wire.control.v1.DiffSandboxRequest;
import io.openshell.wire.control.v1.FactChange;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code history diff}: what differs between a sandbox at two points of the log. Its exit status does not tell. */
@Command(name = "diff", description = "Shows what differs between a sandbox at two points of the log.")
final class HistoryDiffCommand implements Callable<Integer> {
    private final CliContext context;

    @Parameters(index = "0", paramLabel = "SANDBOX", description = "Sandbox, also a deleted one.")
    String name = "";

    @Parameters(index = "1", paramLabel = "A", description = "A time, an age such as 10m, PARTITION:OFFSET, or an event id.")
    String from = "";

    @Parameters(index = "2", paramLabel = "B", description = "The same, usually later.")
    String to = "";

    @Option(names = "-o", paramLabel = "FORMAT", description = "table, json or yaml.")
    OutputFormat format = OutputFormat.table;

    HistoryDiffCommand(CliContext context) {
        this.context = context;
    }

    @Override
    public Integer call() {
        String earlier = LogPoint.parse(from);
        String later = LogPoint.parse(to);
        Session session = context.session();
        List<Change> changes = session.client().call(TimelineRpc.DIFF, DiffSandboxRequest.newBuilder()
                .setWorkspace(session.workspace()).setName(name).setFrom(earlier).setTo(later).build())
                .getChangesList().stream().map(HistoryDiffCommand::change).toList();
        if (format == OutputFormat.table) {
            if (changes.isEmpty()) {
                context.printer().line("No difference.");
            }
            changes.forEach(change -> context.printer().line(ChangeView.line(change)));
        } else {
            Map<String, @Nullable Object> document = new LinkedHashMap<>();
            document.put("sandbox", name);
            document.put("from", earlier);
            document.put("to", later);
            document.put("changes", changes.stream().map(ChangeView::document).toList());
            context.printer().document(format, document);
        }
        return ExitCodes.OK;
    }

    private static Change change(FactChange change) {
        if (!change.hasBefore()) {
            return new Change.Added(change.getPath(), change.getAfter());
        }
        return change.hasAfter()
                ? new Change.Changed(change.getPath(), change.getBefore(), change.getAfter())
                : new Change.Removed(change.getPath(), change.getBefore());
    }
}
