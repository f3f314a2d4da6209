package io.openshell.cli.command.replay;

import com.google.protobuf.InvalidProtocolBufferException;
import io.openshell.cli.CliException;
import io.openshell.cli.ExitCodes;
import io.openshell.cli.command.CliContext;
import io.openshell.cli.output.ChangeView;
import io.openshell.cli.output.OutputFormat;
import io.openshell.model.EventEnvelope;
import io.openshell.model.history.StateFacts;
import io.openshell.model.history.Summary;
import io.openshell.wire.control.v1.ReplayActivity;
import io.openshell.wire.events.v1.ActivityRecord;
import io.openshell.wire.replay.ReplaySteps;
import java.nio.file.Path;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayDeque;
import java.util.Comparator;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code replay show}: steps through an incident file; needs no gateway. */
@Command(name = "show", description = "Steps through an incident file: each event and what it changed. Needs no gateway.")
final class ReplayShowCommand implements Callable<Integer> {
    private final CliContext context;

    @Parameters(paramLabel = "FILE", description = "An incident file.")
    Path file = Path.of("");

    @Option(names = "--event", paramLabel = "N", description = "Only this event, with the whole state after it.")
    int event;

    @Option(names = "--lines", description = "Also the log lines, where they fall between the events.")
    boolean lines;

    @Option(names = "-o", paramLabel = "FORMAT", description = "table, json or yaml.")
    OutputFormat format = OutputFormat.table;

    ReplayShowCommand(CliContext context) {
        this.context = context;
    }

    @Override
    public Integer call() {
        ReplayFile replay = ReplayFile.read(file);
        if (event < 0 || event > replay.steps().size()) {
            throw new CliException("the file has the events 1 to " + replay.steps().size() + ".", ExitCodes.USAGE);
        }
        List<ReplaySteps.Step> steps = event == 0 ? replay.steps() : List.of(replay.steps().get(event - 1));
        if (format != OutputFormat.table) {
            context.printer().document(format, steps.stream().map(this::document).toList());
            return ExitCodes.OK;
        }
        context.printer().line("Streams: " + String.join(", ", replay.header().getStreamsList()) + "\nExported: "
                + time(instant(replay.header().getExportedAt())) + " by gateway " + replay.header().getGatewayVersion() + "\n");
        Deque<ReplayActivity> waiting = new ArrayDeque<>();
        if (lines && event == 0) {
            replay.activities().stream().sorted(Comparator.comparing(one -> instant(one.getLogTime()))).forEach(waiting::add);
        }
        for (ReplaySteps.Step step : steps) {
            linesBefore(step.logTime(), waiting);
            print(step);
        }
        linesBefore(Instant.MAX, waiting);
        return ExitCodes.OK;
    }

    private void linesBefore(Instant time, Deque<ReplayActivity> waiting) {
        while (!waiting.isEmpty() && instant(waiting.peek().getLogTime()).isBefore(time)) {
            try {
                ActivityRecord line = ActivityRecord.parseFrom(waiting.remove().getActivity());
                context.printer().line("       " + time(instant(line.getTime())) + "  | " + line.getLevel() + " "
                        + plain(line.getTarget() + " " + line.getMessage()));
            } catch (InvalidProtocolBufferException e) {
                context.printer().line("       | a log line this release cannot read");
            }
        }
    }

    private void print(ReplaySteps.Step step) {
        context.printer().line(String.format("%5d  %s  %s", step.number(), time(step.logTime()),
                step.event().map(ReplayShowCommand::line).orElse("an event this release cannot read")));
        step.changes().forEach(change -> context.printer().line("         " + ChangeView.line(change)));
        if (!step.masked().isEmpty()) {
            context.printer().line("         masked: " + String.join(", ", step.masked()));
        }
        step.problems().forEach(problem -> context.printer().line("         ! " + problem));
        if (event != 0) {
            context.printer().line("State after it:");
            step.state().ifPresent(state -> StateFacts.of(state).forEach((path, value) ->
                    context.printer().line("         " + plain(path + (value.isEmpty() ? "" : ": " + value)))));
        }
    }

    private static String line(EventEnvelope event) {
        return String.format("%s v%d  %-22s %s  (%s)", event.stream(), event.version(), event.event().getClass().getSimpleName(),
                plain(Summary.of(event.event())), plain(event.context().actor().subject()));
    }

    private Map<String, @Nullable Object> document(ReplaySteps.Step step) {
        Map<String, @Nullable Object> document = new LinkedHashMap<>();
        document.put("number", step.number());
        document.put("log_time", time(step.logTime()));
        step.event().ifPresent(one -> {
            document.put("event_id", one.eventId());
            document.put("stream", one.stream().toString());
            document.put("version", one.version());
            document.put("type", one.event().getClass().getSimpleName());
            document.put("summary", Summary.of(one.event()));
            document.put("time", time(one.context().time()));
            document.put("actor", one.context().actor().subject());
            document.put("correlation_id", one.context().correlationId());
        });
        document.put("changes", step.changes().stream().map(ChangeView::document).toList());
        document.put("masked", step.masked());
        document.put("problems", step.problems());
        if (event != 0) {
            step.state().ifPresent(state -> document.put("state", StateFacts.of(state)));
        }
        return document;
    }

    /** What comes from a sandbox must not steer the terminal. */
    private static String plain(String text) {
        return text.replaceAll("\\p{Cntrl}", " ");
    }

    private static Instant instant(com.google.protobuf.Timestamp time) {
        return Instant.ofEpochSecond(time.getSeconds(), time.getNanos());
    }

    private static String time(Instant time) {
        return time.truncatedTo(ChronoUnit.MILLIS).toString();
    }
}
