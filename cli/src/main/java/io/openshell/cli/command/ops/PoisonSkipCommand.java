package io.openshell.cli.command.ops;

import io.openshell.cli.ExitCodes;
import io.openshell.cli.client.Rpc;
import io.openshell.cli.command.CliContext;
import io.openshell.wire.control.v1.SkipPoisonRequest;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** {@code ops poison skip}. */
@Command(name = "skip", description = "Leaves out the record a stream stopped at; the stream then takes commands again.")
final class PoisonSkipCommand implements Callable<Integer> {
    private final CliContext context;

    @Parameters(index = "0", paramLabel = "STREAM", description = "As `ops poison list` names it.")
    String stream = "";

    @Parameters(index = "1", paramLabel = "VERSION", description = "At which it stopped.")
    long version;

    PoisonSkipCommand(CliContext context) {
        this.context = context;
    }

    @Override
    public Integer call() {
        context.session().client().call(Rpc.SKIP_POISON,
                SkipPoisonRequest.newBuilder().setStream(stream).setVersion(version).build());
        context.printer().note("✓ " + stream + " goes on behind version " + version);
        return ExitCodes.OK;
    }
}
