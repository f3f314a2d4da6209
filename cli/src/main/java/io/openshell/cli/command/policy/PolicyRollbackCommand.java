package io.openshell.cli.command.policy;

import io.openshell.cli.CliException;
import io.openshell.cli.ExitCodes;
import io.openshell.cli.command.CliContext;
import io.openshell.cli.command.Session;
import io.openshell.wire.v1.SandboxPolicyRevision;
import io.openshell.wire.v1.UpdateConfigRequest;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code policy rollback}: makes an older revision the newest again, as a new revision. */
@Command(name = "rollback", description = "Stores an older revision again, as a new one.")
public final class PolicyRollbackCommand implements Callable<Integer> {
    /** Provenance of the new revision: the number of the old one. */
    static final String PROVENANCE = "rollback_of";

    private final CliContext context;

    @Parameters(arity = "0..1", paramLabel = "NAME", description = "Sandbox (default: the one used last).")
    @Nullable String name;

    @Option(names = "--rev", required = true, paramLabel = "N", description = "The revision to go back to.")
    int revision;

    @Option(names = "--wait", description = "Return when the sandbox enforces it.")
    boolean wait;

    @Option(names = "--timeout", paramLabel = "SECONDS", description = "Longest wait (default: ${DEFAULT-VALUE}).")
    int timeout = 60;

    PolicyRollbackCommand(CliContext context) {
        this.context = context;
    }

    @Override
    public Integer call() {
        if (revision < 1) {
            throw new CliException("--rev needs the number of a revision, from 1.", ExitCodes.USAGE);
        }
        Session session = context.session();
        RevisionWait change = new RevisionWait(session, session.nameOr(name));
        SandboxPolicyRevision wanted = change.revision(revision);
        SandboxPolicyRevision newest = change.revision(0);
        if (newest.getPolicyHash().equals(wanted.getPolicyHash())) {
            change.unchanged(newest.getVersion(), newest.getPolicyHash());
            return ExitCodes.OK;
        }
        return change.change(UpdateConfigRequest.newBuilder().setPolicy(wanted.getPolicy())
                .putAnnotations(PROVENANCE, String.valueOf(revision)), wait, timeout);
    }
}
