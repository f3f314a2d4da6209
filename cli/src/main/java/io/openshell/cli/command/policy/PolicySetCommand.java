package io.openshell.cli.command.policy;

import io.openshell.cli.command.CliContext;
import io.openshell.cli.command.Session;
import io.openshell.wire.sandbox.v1.SandboxPolicy;
import io.openshell.wire.v1.UpdateConfigRequest;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code policy set}: replaces the whole policy of a sandbox, or with {@code --global} stands instead of every one. */
@Command(name = "set", description = "Replaces the policy of a sandbox, or of all of them.")
public final class PolicySetCommand implements Callable<Integer> {
    private final CliContext context;

    @Parameters(arity = "0..1", paramLabel = "NAME", description = "Sandbox (default: the one used last).")
    @Nullable String name;

    @Option(names = "--policy", required = true, paramLabel = "FILE", description = "The policy, a YAML file.")
    Path policy = Path.of("");

    @Option(names = "--wait", description = "Return when the sandbox enforces it.")
    boolean wait;

    @Option(names = "--timeout", paramLabel = "SECONDS", description = "Longest wait (default: ${DEFAULT-VALUE}).")
    int timeout = 60;

    @Option(names = "--global", description = "For every sandbox, instead of its own policy.")
    boolean global;

    @Option(names = "--yes", description = "With --global: do not ask.")
    boolean yes;

    PolicySetCommand(CliContext context) {
        this.context = context;
    }

    @Override
    public Integer call() {
        SandboxPolicy parsed = PolicyFile.read(policy);
        if (global) {
            return new GlobalChange(context, name, yes).set(parsed, wait, timeout);
        }
        Session session = context.session();
        return new RevisionWait(session, session.nameOr(name))
                .change(UpdateConfigRequest.newBuilder().setPolicy(parsed), wait, timeout);
    }
}
