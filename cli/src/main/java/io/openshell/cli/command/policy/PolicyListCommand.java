package io.openshell.cli.command.policy;

import io.openshell.cli.ExitCodes;
import io.openshell.cli.client.Rpc;
import io.openshell.cli.command.Agreement;
import io.openshell.cli.command.AsOfOption;
import io.openshell.cli.command.CliContext;
import io.openshell.cli.command.Parsers;
import io.openshell.cli.command.Session;
import io.openshell.cli.output.OutputFormat;
import io.openshell.cli.output.TableView;
import io.openshell.wire.v1.ListSandboxPoliciesRequest;
import io.openshell.wire.v1.SandboxPolicyRevision;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code policy list}: the revisions of a sandbox's policy. */
@Command(name = "list", description = "Lists policy revisions.")
public final class PolicyListCommand implements Callable<Integer> {
    private final CliContext context;

    @Parameters(arity = "0..1", paramLabel = "NAME", description = "Sandbox (default: the one used last).")
    @Nullable String name;

    @Option(names = "--limit", paramLabel = "N", description = "At most so many (default: ${DEFAULT-VALUE}).")
    int limit = 20;

    @Mixin
    AsOfOption asOf = new AsOfOption();

    @Option(names = "-o", paramLabel = "FORMAT", description = "table, json or yaml.")
    OutputFormat format = OutputFormat.table;

    @Option(names = "--global", description = "Of the global policy.")
    boolean global;

    PolicyListCommand(CliContext context) {
        this.context = context;
    }

    @Override
    public Integer call() {
        Session session = asOf.on(context.session());
        List<SandboxPolicyRevision> revisions = session.client().call(Rpc.POLICIES, ListSandboxPoliciesRequest.newBuilder()
                .setName(global ? Agreement.noName(name) : session.nameOr(name)).setGlobal(global)
                .setWorkspace(session.workspace()).setLimit(Parsers.atLeast("--limit", 1, limit)).build())
                .getRevisionsList();
        if (format != OutputFormat.table) {
            context.printer().document(format, revisions.stream().map(PolicyListCommand::document).toList());
            return ExitCodes.OK;
        }
        TableView table = new TableView("VERSION", "HASH", "STATUS", "CREATED", "ERROR");
        for (SandboxPolicyRevision one : revisions) {
            table.add(String.valueOf(one.getVersion()), RevisionView.hash(one.getPolicyHash()),
                    RevisionView.status(one.getStatus()), Parsers.time(one.getCreatedAtMs()), one.getLoadError());
        }
        context.printer().data(table.text());
        return ExitCodes.OK;
    }

    private static Map<String, @Nullable Object> document(SandboxPolicyRevision one) {
        Map<String, @Nullable Object> document = new LinkedHashMap<>();
        document.put("version", one.getVersion());
        document.put("hash", one.getPolicyHash());
        document.put("status", RevisionView.status(one.getStatus()).toLowerCase(java.util.Locale.ROOT));
        document.put("created_at", Parsers.time(one.getCreatedAtMs()));
        document.put("error", one.getLoadError().isEmpty() ? null : one.getLoadError());
        return document;
    }
}
