package io.openshell.cli.command.replay;

import io.openshell.cli.CliException;
import io.openshell.cli.ExitCodes;
import io.openshell.cli.client.TimelineRpc;
import io.openshell.cli.command.CliContext;
import io.openshell.cli.output.Steps;
import io.openshell.wire.control.v1.VerifyProgress;
import io.openshell.wire.control.v1.VerifyViewsRequest;
import io.openshell.wire.replay.ReplaySteps;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.Callable;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code replay verify}: whether a file is whole, or what a gateway serves is what the events say. */
@Command(name = "verify", description = "Checks an incident file, or with --live what the gateway serves against its events.")
final class ReplayVerifyCommand implements Callable<Integer> {
    private static final Duration LIMIT = Duration.ofMinutes(11);

    private final CliContext context;

    @Parameters(arity = "0..1", paramLabel = "FILE", description = "An incident file.")
    @Nullable Path file;

    @Option(names = "--live", description = "Fold every event of the gateway anew and compare.")
    boolean live;

    ReplayVerifyCommand(CliContext context) {
        this.context = context;
    }

    @Override
    public Integer call() {
        if (live == (file != null)) {
            throw new CliException("name a file, or give --live.", ExitCodes.USAGE);
        }
        return file == null ? verifyLive() : verifyFile(file);
    }

    private int verifyLive() {
        AtomicReference<VerifyProgress> last = new AtomicReference<>(VerifyProgress.getDefaultInstance());
        try (Steps steps = context.steps()) {
            steps.begin("Folding every event anew");
            context.session().client().stream(TimelineRpc.VERIFY, VerifyViewsRequest.getDefaultInstance(), progress -> {
                last.set(progress);
                return true;
            }, LIMIT);
            steps.done();
        }
        VerifyProgress found = last.get();
        if (!found.getDone() || !found.getDivergence().isEmpty()) {
            throw new CliException(found.getDone() ? "the views differ from the events: " + found.getDivergence()
                    : "the gateway did not finish the check.");
        }
        found.getEqualList().forEach(equal -> context.printer().line("✓ " + equal));
        context.printer().line("What is served equals what " + found.getEvents() + " events say.");
        return ExitCodes.OK;
    }

    private int verifyFile(Path path) {
        ReplayFile replay = ReplayFile.read(path);
        int masked = 0;
        for (ReplaySteps.Step step : replay.steps()) {
            if (!step.problems().isEmpty()) {
                throw new CliException(path + " is not whole: event " + step.number() + ": " + String.join("; ", step.problems()));
            }
            masked += step.masked().isEmpty() ? 0 : 1;
        }
        context.printer().line("The chain of hashes holds and all " + replay.steps().size() + " events fold; "
                + replay.activities().size() + " log lines.");
        if (masked > 0) {
            context.printer().line(masked + " of them have masked values, which their hashes do not vouch for.");
        }
        return ExitCodes.OK;
    }
}
