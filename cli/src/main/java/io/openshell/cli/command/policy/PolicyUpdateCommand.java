package io.openshell.cli.command.policy;

import io.openshell.cli.CliException;
import io.openshell.cli.ExitCodes;
import io.openshell.cli.command.CliContext;
import io.openshell.cli.command.Session;
import io.openshell.model.policy.PolicyDocument;
import io.openshell.model.policy.PolicyValidator;
import io.openshell.model.policy.merge.MergeOperation;
import io.openshell.model.policy.merge.MergeOutcome;
import io.openshell.model.policy.merge.PolicyMerge;
import io.openshell.wire.policy.MergeCodec;
import io.openshell.wire.policy.PolicyCodec;
import io.openshell.wire.policy.PolicyYaml;
import io.openshell.wire.v1.UpdateConfigRequest;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code policy update}: small changes of the network rules, all of them or none. */
@Command(name = "update", description = "Changes network rules, all as asked or none.")
public final class PolicyUpdateCommand implements Callable<Integer> {
    private final CliContext context;

    @Parameters(arity = "0..1", paramLabel = "NAME", description = "Sandbox (default: the one used last).")
    @Nullable String name;

    @Mixin
    final MergeFlags flags = new MergeFlags();

    @Option(names = "--dry-run", description = "Print the policy that would result; nothing changes.")
    boolean dryRun;

    @Option(names = "--wait", description = "Return when the sandbox enforces it.")
    boolean wait;

    @Option(names = "--timeout", paramLabel = "SECONDS", description = "Longest wait (default: ${DEFAULT-VALUE}).")
    int timeout = 60;

    PolicyUpdateCommand(CliContext context) {
        this.context = context;
    }

    @Override
    public Integer call() {
        List<MergeOperation> operations = flags.operations();
        if (dryRun && wait) {
            throw new CliException("--wait and --dry-run exclude each other.", ExitCodes.USAGE);
        }
        Session session = context.session();
        RevisionWait change = new RevisionWait(session, session.nameOr(name));
        // Merging here as well tells about what is ignored, which the answer of the gateway has no place for.
        PolicyDocument newest = PolicyCodec.decode(change.revision(0).getPolicy());
        MergeOutcome preview = PolicyMerge.apply(newest, operations);
        if (preview instanceof MergeOutcome.Merged merged) {
            merged.warnings().forEach(warning -> context.printer().note("! " + warning));
        }
        if (dryRun) {
            return show(preview);
        }
        UpdateConfigRequest.Builder request = UpdateConfigRequest.newBuilder();
        operations.forEach(operation -> request.addMergeOperations(MergeCodec.encode(operation)));
        return change.change(request, wait, timeout);
    }

    private int show(MergeOutcome preview) {
        return switch (preview) {
            case MergeOutcome.Merged merged -> {
                context.printer().data(PolicyYaml.write(merged.document()));
                PolicyValidator.all(merged.document()).forEach(violation ->
                        context.printer().note("! this would be refused: " + violation));
                yield PolicyValidator.all(merged.document()).isEmpty() ? ExitCodes.OK : ExitCodes.FAILURE;
            }
            case MergeOutcome.Refused refused -> throw new CliException(refused.reason());
        };
    }
}
