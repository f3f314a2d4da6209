package io.openshell.cli.command.system;

import com.google.protobuf.Timestamp;
import io.openshell.cli.ExitCodes;
import io.openshell.cli.client.Rpc;
import io.openshell.cli.command.CliContext;
import io.openshell.cli.command.Session;
import io.openshell.cli.json.JsonText;
import io.openshell.cli.output.OutputFormat;
import io.openshell.wire.control.v1.GetHistoryRequest;
import io.openshell.wire.control.v1.HistoryEntry;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code history}: everything that ever happened to a sandbox name, also after its deletion. */
@Command(name = "history", description = "Shows every event of a sandbox, also after it was deleted.")
public final class HistoryCommand implements Callable<Integer> {
    private static final Duration LIMIT = Duration.ofSeconds(60);

    private final CliContext context;

    @Parameters(arity = "0..1", paramLabel = "SANDBOX", description = "Sandbox (default: the one used last).")
    @Nullable String name;

    @Option(names = "-o", paramLabel = "FORMAT", description = "table, json or yaml.")
    OutputFormat format = OutputFormat.table;

    HistoryCommand(CliContext context) {
        this.context = context;
    }

    @Override
    public Integer call() {
        Session session = context.session();
        GetHistoryRequest request = GetHistoryRequest.newBuilder().setWorkspace(session.workspace())
                .setName(session.nameOr(name)).build();
        List<Map<String, @Nullable Object>> documents = new ArrayList<>();
        session.client().stream(Rpc.HISTORY, request, entry -> {
            if (format == OutputFormat.table) {
                context.printer().line(line(entry));
            } else {
                documents.add(document(entry));
            }
            return true;
        }, LIMIT);
        if (format != OutputFormat.table) {
            context.printer().document(format, documents);
        }
        return ExitCodes.OK;
    }

    private static String line(HistoryEntry entry) {
        return String.format("%5d  %s  %-28s %s  (%s)", entry.getVersion(), time(entry.getTime()), entry.getType(),
                entry.getSummary(), entry.getActor().getSubject().isEmpty() ? entry.getActor().getKind()
                        : entry.getActor().getSubject());
    }

    private static Map<String, @Nullable Object> document(HistoryEntry entry) {
        Map<String, @Nullable Object> document = new LinkedHashMap<>();
        document.put("event_id", entry.getEventId());
        document.put("stream", entry.getStream());
        document.put("version", entry.getVersion());
        document.put("type", entry.getType());
        document.put("summary", entry.getSummary());
        document.put("time", time(entry.getTime()));
        document.put("log_time", time(entry.getLogTime()));
        Map<String, @Nullable Object> actor = new LinkedHashMap<>();
        actor.put("kind", entry.getActor().getKind());
        actor.put("subject", entry.getActor().getSubject());
        actor.put("authenticated_by", entry.getActor().getAuthenticatedBy());
        document.put("actor", actor);
        document.put("command_id", entry.getCommandId());
        document.put("correlation_id", entry.getCorrelationId());
        document.put("trace_id", entry.getTraceId());
        document.put("origin_address", entry.getOriginAddress());
        document.put("asserted_by", entry.getAssertedBy());
        document.put("schema_version", entry.getSchemaVersion());
        document.put("previous_hash", entry.getPreviousHash());
        document.put("body", entry.getBodyJson().isEmpty() ? Map.of() : JsonText.parse(entry.getBodyJson()));
        return document;
    }

    private static String time(Timestamp time) {
        return Instant.ofEpochSecond(time.getSeconds(), time.getNanos()).truncatedTo(java.time.temporal.ChronoUnit.MILLIS)
                .toString();
    }
}
