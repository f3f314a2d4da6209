package io.openshell.cli.command.sandbox;

import io.openshell.cli.CliException;
import io.openshell.cli.ExitCodes;
import io.openshell.cli.client.Rpc;
import io.openshell.cli.command.AsOfOption;
import io.openshell.cli.command.CliContext;
import io.openshell.cli.command.Session;
import io.openshell.cli.command.policy.PolicyFile;
import io.openshell.cli.output.OutputFormat;
import io.openshell.wire.sandbox.v1.GetSandboxConfigRequest;
import io.openshell.wire.sandbox.v1.GetSandboxConfigResponse;
import io.openshell.wire.v1.Sandbox;
import io.openshell.wire.v1.SandboxPhase;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code sandbox get}. */
@Command(name = "get", description = "Shows a sandbox.")
public final class SandboxGetCommand implements Callable<Integer> {
    private final CliContext context;

    @Parameters(arity = "0..1", paramLabel = "NAME", description = "Sandbox (default: the one used last).")
    @Nullable String name;

    @Option(names = "--policy-only", description = "Only the policy, as YAML.")
    boolean policyOnly;

    @Option(names = "--attestation", description = "What seals it, as its node read it back from the kernel.")
    boolean attestation;

    @Mixin
    AsOfOption asOf = new AsOfOption();

    @Option(names = "-o", paramLabel = "FORMAT", description = "table, json or yaml.")
    OutputFormat format = OutputFormat.table;

    SandboxGetCommand(CliContext context) {
        this.context = context;
    }

    @Override
    public Integer call() {
        if (policyOnly && (attestation || format != OutputFormat.table)) {
            throw new CliException("--policy-only and " + (attestation ? "--attestation" : "-o") + " exclude each other.", ExitCodes.USAGE);
        }
        Session session = asOf.on(context.session());
        Sandbox sandbox = session.sandbox(name);
        if (attestation) {
            show(Seal.of(session, sandbox));
            return ExitCodes.OK;
        }
        GetSandboxConfigResponse config = session.client().call(Rpc.CONFIG,
                GetSandboxConfigRequest.newBuilder().setSandboxId(sandbox.getMetadata().getId()).build());
        if (policyOnly) {
            context.printer().data(PolicyFile.text(config.getPolicy()));
        } else if (format != OutputFormat.table) {
            context.printer().document(format, document(sandbox, config, Seal.ifAny(session, sandbox)));
        } else {
            context.printer().data(section(sandbox, config, Seal.ifAny(session, sandbox)));
        }
        return ExitCodes.OK;
    }

    private void show(Seal seal) {
        if (format == OutputFormat.table) {
            context.printer().data(seal.table());
        } else {
            context.printer().document(format, seal.document());
        }
    }

    private static Map<String, @Nullable Object> document(Sandbox sandbox, GetSandboxConfigResponse config, Optional<Seal> seal) {
        Map<String, @Nullable Object> document = SandboxView.summary(sandbox);
        seal.map(Seal::gaps).filter(gaps -> !gaps.isEmpty()).ifPresent(gaps -> document.put("isolation_gaps", gaps));
        document.put("policy_source", PolicyFile.source(config.getPolicySource()));
        document.put("revision", config.getVersion());
        document.put("policy", config.hasPolicy() ? PolicyFile.tree(config.getPolicy()) : null);
        return document;
    }

    private static String section(Sandbox sandbox, GetSandboxConfigResponse config, Optional<Seal> seal) {
        StringBuilder out = new StringBuilder("Sandbox:\n");
        line(out, "Id", sandbox.getMetadata().getId());
        line(out, "Name", sandbox.getMetadata().getName());
        line(out, "Phase", SandboxView.phase(sandbox));
        if (sandbox.getStatus().getPhase() != SandboxPhase.SANDBOX_PHASE_READY) {
            line(out, "Reason", SandboxView.reason(sandbox));
        }
        if (sandbox.getStatus().hasExitCode()) {
            line(out, "Exit status", String.valueOf(sandbox.getStatus().getExitCode()));
        }
        sandbox.getStatus().getConditionsList().stream()
                .filter(each -> each.getType().equals("UpToDate") && each.getStatus().equals("False"))
                .forEach(each -> line(out, "Not up to date", each.getMessage()));
        line(out, "Resource version", String.valueOf(sandbox.getMetadata().getResourceVersion()));
        if (sandbox.getSpec().hasTemplate()) {
            line(out, "From", Templates.source(sandbox.getSpec().getTemplate()));
            line(out, "Limits", pairs(Templates.limits(sandbox.getSpec().getTemplate())));
        }
        line(out, "Providers", sandbox.getSpec().getProvidersCount() == 0
                ? "-" : String.join(", ", sandbox.getSpec().getProvidersList()));
        line(out, "Labels", pairs(sandbox.getMetadata().getLabelsMap()));
        line(out, "Annotations", pairs(sandbox.getMetadata().getAnnotationsMap()));
        seal.ifPresent(present -> line(out, "Isolation", present.line()));
        line(out, "Policy source", PolicyFile.source(config.getPolicySource()));
        line(out, "Revision", String.valueOf(config.getVersion()));
        return config.hasPolicy() ? out.append("---\n").append(PolicyFile.text(config.getPolicy())).toString() : out.toString();
    }

    private static String pairs(Map<String, String> pairs) {
        return pairs.isEmpty() ? "-" : String.join(", ", new java.util.TreeMap<>(pairs).entrySet().stream()
                .map(pair -> pair.getKey() + "=" + pair.getValue()).toList());
    }

    private static void line(StringBuilder out, String label, String value) {
        out.append(String.format("  %-18s%s%n", label + ":", value));
    }
}
