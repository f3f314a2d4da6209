package io.openshell.cli.command.policy;

import io.openshell.cli.CliException;
import io.openshell.cli.ExitCodes;
import io.openshell.cli.command.CliContext;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code policy delete --global}: gives every sandbox its own policy back. */
@Command(name = "delete", description = "Deletes the global policy; each sandbox's own decides again.")
public final class PolicyDeleteCommand implements Callable<Integer> {
    private final CliContext context;

    @Option(names = "--global", description = "Required: a sandbox's own policy can only be replaced.")
    boolean global;

    @Option(names = "--yes", description = "Do not ask.")
    boolean yes;

    @Option(names = "--wait", description = "Return when every running sandbox enforces its own policy again.")
    boolean wait;

    @Option(names = "--timeout", paramLabel = "SECONDS", description = "Longest wait (default: ${DEFAULT-VALUE}).")
    int timeout = 60;

    PolicyDeleteCommand(CliContext context) {
        this.context = context;
    }

    @Override
    public Integer call() {
        if (!global) {
            throw new CliException("only a global policy can be deleted; say --global.", ExitCodes.USAGE);
        }
        return new GlobalChange(context, null, yes).delete(wait, timeout);
    }
}
