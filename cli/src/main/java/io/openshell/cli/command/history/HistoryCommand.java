package io.openshell.cli.command.history;

import io.openshell.cli.command.Group;
import com.google.protobuf.Timestamp;
import io.openshell.cli.CliException;
import io.openshell.cli.ExitCodes;
import io.openshell.cli.client.Rpc;
import io.openshell.cli.client.TimelineRpc;
import io.openshell.cli.command.CliContext;
import io.openshell.cli.command.LogPoint;
import io.openshell.cli.command.Session;
import io.openshell.cli.output.OutputFormat;
import io.openshell.wire.control.v1.GetHistoryRequest;
import io.openshell.wire.control.v1.HistoryEntry;
import io.openshell.wire.control.v1.SearchHistoryAnswer;
import io.openshell.wire.control.v1.SearchHistoryRequest;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code history}: everything that ever happened to a sandbox name, also after its deletion. */
@Command(name = "history", description = "Shows every event of a sandbox, also after it was deleted.")
@Group(HistoryDiffCommand.class)
public final class HistoryCommand implements Callable<Integer> {
    private static final Duration LIMIT = Duration.ofSeconds(60);

    private final CliContext context;

    @Parameters(arity = "0..1", paramLabel = "SANDBOX", description = "Sandbox (default: the one used last).")
    @Nullable String name;

    /** Anything of this is answered from the history store. */
    static final class Search {
        @Option(names = "--since", paramLabel = "TIME", description = "Not before this time, or an age such as 10m.")
        @Nullable String since;

        @Option(names = "--until", paramLabel = "TIME", description = "Not after this time, or an age such as 10m.")
        @Nullable String until;

        @Option(names = "--actor", paramLabel = "NAME", description = "Only what this actor caused.")
        String actor = "";

        @Option(names = "--type", paramLabel = "EVENT", split = ",", description = "Only events of this name; can be repeated.")
        List<String> types = new ArrayList<>();

        @Option(names = "--correlation", paramLabel = "ID", description = "Only what one request caused.")
        String correlation = "";

        @Option(names = "--all-sandboxes", description = "Of every sandbox and node.")
        boolean all;

        @Option(names = "--limit", paramLabel = "N", description = "At most so many, the oldest first.")
        int limit;

        @Option(names = "--page", paramLabel = "TOKEN", description = "Go on where an answer with --limit ended.")
        String page = "";

        @Option(names = "--follow", description = "Go on with what happens from now on.")
        boolean follow;
    }

    @ArgGroup(exclusive = false)
    @Nullable Search search;

    @Option(names = "-o", paramLabel = "FORMAT", description = "table, json or yaml.")
    OutputFormat format = OutputFormat.table;

    private final List<Map<String, @Nullable Object>> documents = new ArrayList<>();

    HistoryCommand(CliContext context) {
        this.context = context;
    }

    @Override
    public Integer call() {
        Session session = context.session();
        if (search == null) {
            GetHistoryRequest request = GetHistoryRequest.newBuilder().setWorkspace(session.workspace())
                    .setName(session.nameOr(name)).build();
            session.client().stream(Rpc.HISTORY, request, entry -> show(entry, false), LIMIT);
        } else {
            search(session, search);
        }
        if (format != OutputFormat.table) {
            context.printer().document(format, documents);
        }
        return ExitCodes.OK;
    }

    private void search(Session session, Search asked) {
        if (asked.follow && format != OutputFormat.table) {
            throw new CliException("--follow and -o exclude each other.", ExitCodes.USAGE);
        }
        if (asked.all && name != null) {
            throw new CliException("--all-sandboxes and a sandbox exclude each other.", ExitCodes.USAGE);
        }
        if (asked.limit < 0) {
            throw new CliException("--limit cannot be negative.", ExitCodes.USAGE);
        }
        SearchHistoryRequest.Builder request = SearchHistoryRequest.newBuilder()
                .setActor(asked.actor).addAllTypes(asked.types).setCorrelationId(asked.correlation)
                .setLimit(asked.limit).setPageToken(asked.page).setFollow(asked.follow);
        if (asked.since != null) {
            request.setSince(time("--since", asked.since));
        }
        if (asked.until != null) {
            request.setUntil(time("--until", asked.until));
        }
        if (asked.all) {
            request.setAllSandboxes(true);
        } else {
            request.setWorkspace(session.workspace()).setName(session.nameOr(name));
        }
        session.client().stream(TimelineRpc.SEARCH, request.build(), answer -> take(answer, asked.all),
                asked.follow ? null : LIMIT);
    }

    private boolean take(SearchHistoryAnswer answer, boolean withStream) {
        return switch (answer.getAnswerCase()) {
            case ENTRY -> show(answer.getEntry(), withStream);
            case NEXT_PAGE_TOKEN -> {
                context.printer().note("There is more: --page " + answer.getNextPageToken());
                yield true;
            }
            case ANSWER_NOT_SET -> true;
        };
    }

    private boolean show(HistoryEntry entry, boolean withStream) {
        if (format == OutputFormat.table) {
            context.printer().line(EntryView.line(entry, withStream));
            if (search != null && search.follow) {
                context.printer().out().flush();
            }
        } else {
            documents.add(EntryView.document(entry));
        }
        return true;
    }

    private static Timestamp time(String flag, String text) {
        Instant time = LogPoint.time(flag, text);
        return Timestamp.newBuilder().setSeconds(time.getEpochSecond()).setNanos(time.getNano()).build();
    }
}
