package io.openshell.cli.command.system;

import io.openshell.cli.ExitCodes;
import io.openshell.cli.client.TimelineRpc;
import io.openshell.cli.command.CliContext;
import io.openshell.cli.output.ProgressBar;
import io.openshell.wire.control.v1.RebuildHistoryRequest;
import java.time.Duration;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;

/** {@code ops rebuild}: deletes the history store and feeds it from the log again. */
@Command(name = "rebuild", description = "Deletes the history store and feeds it from the log again. Nothing is lost by it.")
final class OpsRebuildCommand implements Callable<Integer> {
    private static final Duration LIMIT = Duration.ofMinutes(31);

    private final CliContext context;

    OpsRebuildCommand(CliContext context) {
        this.context = context;
    }

    @Override
    public Integer call() {
        try (ProgressBar bar = new ProgressBar(context.printer().err(), context.terminal().stderr(), "Rebuilding the history store")) {
            context.session().client().stream(TimelineRpc.REBUILD, RebuildHistoryRequest.getDefaultInstance(), progress -> {
                bar.at(progress.getDone(), progress.getTotal());
                return true;
            }, LIMIT);
        }
        context.printer().line("The history store was rebuilt.");
        return ExitCodes.OK;
    }
}
