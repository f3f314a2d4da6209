package io.openshell.cli.command.system;

import io.openshell.cli.CliException;
import io.openshell.cli.ExitCodes;
import io.openshell.cli.client.Rpc;
import io.openshell.cli.command.CliContext;
import io.openshell.cli.command.Parsers;
import io.openshell.cli.command.Session;
import io.openshell.wire.v1.GetSandboxLogsRequest;
import io.openshell.wire.v1.SandboxLogLine;
import io.openshell.wire.v1.SandboxStreamEvent;
import io.openshell.wire.v1.WatchSandboxRequest;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code logs}: log lines and network verdicts of a sandbox. */
@Command(name = "logs", aliases = "lg", description = "Shows log lines and network verdicts of a sandbox.")
public final class LogsCommand implements Callable<Integer> {
    private static final Set<String> LEVELS = Set.of("error", "warn", "info", "debug", "trace");
    private static final Set<String> SOURCES = Set.of("all", "gateway", "sandbox");

    private final CliContext context;

    @Parameters(arity = "0..1", paramLabel = "NAME", description = "Sandbox (default: the one used last).")
    @Nullable String name;

    @Option(names = "-n", paramLabel = "LINES", description = "Newest lines (default: ${DEFAULT-VALUE}).")
    int lines = 200;

    @Option(names = "--tail", description = "Keep following until Ctrl-C.")
    boolean tail;

    @Option(names = "--since", paramLabel = "TIME", description = "Not older than 30s, 5m or 1h.")
    @Nullable String since;

    @Option(names = "--level", paramLabel = "LEVEL", description = "error, warn, info, debug or trace.")
    String level = "";

    @Option(names = "--source", paramLabel = "SOURCE", description = "all, gateway or sandbox; repeatable.")
    List<String> sources = new ArrayList<>();

    LogsCommand(CliContext context) {
        this.context = context;
    }

    @Override
    public Integer call() {
        check(level.isEmpty() || LEVELS.contains(level), "--level is error, warn, info, debug or trace.");
        check(SOURCES.containsAll(sources), "--source is all, gateway or sandbox.");
        long sinceMs = since == null ? 0 : System.currentTimeMillis() - Parsers.duration(since).toMillis();
        List<String> chosen = sources.contains("all") ? List.of() : sources;
        Session session = context.session();
        String id = session.sandbox(name).getMetadata().getId();
        if (tail) {
            session.client().stream(Rpc.WATCH, WatchSandboxRequest.newBuilder().setId(id).setFollowLogs(true)
                    .setLogTailLines(Math.max(1, lines)).setLogSinceMs(sinceMs).addAllLogSources(chosen)
                    .setLogMinLevel(level.toUpperCase(Locale.ROOT)).build(), this::show, null);
            return ExitCodes.OK;
        }
        session.client().call(Rpc.LOGS, GetSandboxLogsRequest.newBuilder().setSandboxId(id)
                .setWorkspace(session.workspace()).setLines(Math.max(1, lines)).setSinceMs(sinceMs).addAllSources(chosen)
                .setMinLevel(level.toUpperCase(Locale.ROOT)).build()).getLogsList().forEach(this::print);
        return ExitCodes.OK;
    }

    private static void check(boolean holds, String otherwise) {
        if (!holds) {
            throw new CliException(otherwise, ExitCodes.USAGE);
        }
    }

    private boolean show(SandboxStreamEvent event) {
        switch (event.getPayloadCase()) {
            case LOG -> print(event.getLog());
            case WARNING -> context.printer().note("! " + event.getWarning().getMessage());
            case SANDBOX, EVENT, DRAFT_POLICY_UPDATE, PAYLOAD_NOT_SET -> { }
        }
        return true;
    }

    private void print(SandboxLogLine line) {
        context.printer().line(text(line));
    }

    static String text(SandboxLogLine line) {
        StringBuilder out = new StringBuilder(String.format(Locale.ROOT, "[%d.%03d] [%-7s] [%-5s] [%s] %s",
                line.getTimestampMs() / 1000, line.getTimestampMs() % 1000,
                line.getSource().isEmpty() ? "gateway" : line.getSource(), line.getLevel(), line.getTarget(),
                printable(line.getMessage())));
        for (Map.Entry<String, String> field : new TreeMap<>(line.getFieldsMap()).entrySet()) {
            out.append(' ').append(printable(field.getKey())).append('=').append(printable(field.getValue()));
        }
        return out.toString();
    }

    /** What a sandbox wrote must not steer the terminal of the one who reads it. */
    private static String printable(String text) {
        return text.replaceAll("\\p{Cntrl}", "\uFFFD");
    }
}
