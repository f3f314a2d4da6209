package io.openshell.cli.command.policy;

import io.openshell.cli.CliException;
import io.openshell.cli.ExitCodes;
import io.openshell.cli.client.Rpc;
import io.openshell.cli.command.Agreement;
import io.openshell.cli.command.AsOfOption;
import io.openshell.cli.command.CliContext;
import io.openshell.cli.command.Session;
import io.openshell.cli.output.OutputFormat;
import io.openshell.wire.sandbox.v1.GetSandboxConfigRequest;
import io.openshell.wire.sandbox.v1.GetSandboxConfigResponse;
import io.openshell.wire.sandbox.v1.PolicySource;
import io.openshell.wire.sandbox.v1.SandboxPolicy;
import io.openshell.wire.v1.GetSandboxPolicyStatusRequest;
import io.openshell.wire.v1.GetSandboxPolicyStatusResponse;
import io.openshell.wire.v1.PolicyStatus;
import io.openshell.wire.v1.SandboxPolicyRevision;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code policy get}: one revision, the active one unless another is named. */
@Command(name = "get", description = "Shows a policy revision.")
public final class PolicyGetCommand implements Callable<Integer> {
    private static final String PROVIDER_PREFIX = "_provider_";

    private final CliContext context;

    @Parameters(arity = "0..1", paramLabel = "NAME", description = "Sandbox (default: the one used last).")
    @Nullable String name;

    @Option(names = "--rev", paramLabel = "N", description = "Revision; 0 is the active one.")
    int revision;

    @Option(names = "--full", description = "As it decides: with the rules that providers contribute, and under a global policy with its network.")
    boolean full;

    @Option(names = "--base", description = "Without the rules that providers contribute.")
    boolean base;

    @Mixin
    AsOfOption asOf = new AsOfOption();

    @Option(names = "-o", paramLabel = "FORMAT", description = "table, json or yaml.")
    OutputFormat format = OutputFormat.table;

    @Option(names = "--global", description = "Of the global policy.")
    boolean global;

    private String source = "";

    PolicyGetCommand(CliContext context) {
        this.context = context;
    }

    @Override
    public Integer call() {
        if (full && base) {
            throw new CliException("--full and --base exclude each other.", ExitCodes.USAGE);
        }
        Session session = asOf.on(context.session());
        String sandbox = global ? Agreement.noName(name) : session.nameOr(name);
        GetSandboxPolicyStatusResponse answer = status(session, sandbox, revision);
        if (revision == 0 && answer.getActiveVersion() != 0
                && answer.getActiveVersion() != answer.getRevision().getVersion()) {
            answer = status(session, sandbox, answer.getActiveVersion());
        }
        if (full && !global && revision == 0) {
            answer = inForce(session, sandbox, answer);
        }
        if (format == OutputFormat.table) {
            context.printer().data(text(answer));
        } else {
            context.printer().document(format, document(sandbox, answer));
        }
        return ExitCodes.OK;
    }

    /** What decides in the sandbox, which is more than its own policy, or another one while there is a global policy. */
    private GetSandboxPolicyStatusResponse inForce(Session session, String sandbox, GetSandboxPolicyStatusResponse own) {
        GetSandboxConfigResponse config = session.client().call(Rpc.CONFIG, GetSandboxConfigRequest.newBuilder()
                .setSandboxId(session.sandbox(sandbox).getMetadata().getId()).build());
        if (config.getPolicySource() != PolicySource.POLICY_SOURCE_GLOBAL) {
            return beside(own, config);
        }
        source = "global";
        return GetSandboxPolicyStatusResponse.newBuilder().setActiveVersion(config.getGlobalPolicyVersion())
                .setRevision(SandboxPolicyRevision.newBuilder().setVersion(config.getGlobalPolicyVersion())
                        .setPolicyHash(config.getPolicyHash()).setStatus(PolicyStatus.POLICY_STATUS_LOADED).setPolicy(config.getPolicy()))
                .build();
    }

    /** The active revision with the rules that providers contribute; its hash is known only where it is the newest one. */
    private static GetSandboxPolicyStatusResponse beside(
            GetSandboxPolicyStatusResponse own, GetSandboxConfigResponse config) {
        GetSandboxPolicyStatusResponse.Builder full = own.toBuilder();
        config.getPolicy().getNetworkPoliciesMap().forEach((key, rule) -> {
            if (key.startsWith(PROVIDER_PREFIX)) {
                full.getRevisionBuilder().getPolicyBuilder().putNetworkPolicies(key, rule);
            }
        });
        boolean changed = !full.getRevision().getPolicy().equals(own.getRevision().getPolicy());
        if (changed) {
            full.getRevisionBuilder().setPolicyHash(
                    own.getRevision().getVersion() == config.getVersion() ? config.getPolicyHash() : "");
        }
        return full.build();
    }

    private GetSandboxPolicyStatusResponse status(Session session, String sandbox, int version) {
        return session.client().call(Rpc.POLICY_STATUS, GetSandboxPolicyStatusRequest.newBuilder().setName(sandbox)
                .setWorkspace(session.workspace()).setVersion(version).setGlobal(global).build());
    }

    private String text(GetSandboxPolicyStatusResponse answer) {
        SandboxPolicyRevision shown = answer.getRevision();
        return (source.isEmpty() ? "" : "Source: " + source + "\n") + "Version: " + shown.getVersion() + "\nActive: " + answer.getActiveVersion() + "\nHash: "
                + RevisionView.hash(shown.getPolicyHash()) + "\nStatus: " + RevisionView.status(shown.getStatus())
                + "\n---\n" + PolicyFile.text(policy(shown));
    }

    private Map<String, @Nullable Object> document(String sandbox, GetSandboxPolicyStatusResponse answer) {
        SandboxPolicyRevision shown = answer.getRevision();
        Map<String, @Nullable Object> document = new LinkedHashMap<>();
        document.put("scope", global ? "global" : "sandbox");
        document.put("sandbox", global ? null : sandbox);
        document.put("source", source.isEmpty() ? (global ? "global" : "sandbox") : source);
        document.put("version", shown.getVersion());
        document.put("active_version", answer.getActiveVersion());
        document.put("hash", shown.getPolicyHash());
        document.put("status", RevisionView.status(shown.getStatus()).toLowerCase(java.util.Locale.ROOT));
        document.put("policy", PolicyFile.tree(policy(shown)));
        return document;
    }

    private SandboxPolicy policy(SandboxPolicyRevision shown) {
        if (!base) {
            return shown.getPolicy();
        }
        SandboxPolicy.Builder without = shown.getPolicy().toBuilder();
        shown.getPolicy().getNetworkPoliciesMap().keySet().stream().filter(key -> key.startsWith(PROVIDER_PREFIX))
                .forEach(without::removeNetworkPolicies);
        return without.build();
    }
}
