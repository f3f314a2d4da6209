package io.openshell.cli.command.sandbox;

import io.openshell.cli.CliException;
import io.openshell.cli.ExitCodes;
import io.openshell.cli.client.Rpc;
import io.openshell.cli.client.RpcCode;
import io.openshell.cli.client.RpcException;
import io.openshell.cli.command.CliContext;
import io.openshell.cli.command.Parsers;
import io.openshell.cli.command.Session;
import io.openshell.cli.command.policy.PolicyFile;
import io.openshell.cli.output.OutputFormat;
import io.openshell.cli.output.Steps;
import io.openshell.model.policy.BuiltInPolicies;
import io.openshell.model.policy.Learning;
import io.openshell.model.policy.PolicyDocument;
import io.openshell.wire.policy.PolicyCodec;
import io.openshell.wire.v1.CreateSandboxRequest;
import io.openshell.wire.v1.DeleteSandboxRequest;
import io.openshell.wire.v1.Sandbox;
import io.openshell.wire.v1.SandboxPhase;
import io.openshell.wire.v1.SandboxSpec;
import io.openshell.wire.v1.SandboxTemplate;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code sandbox create}: makes a sandbox, runs its program, and ends with the program's exit status. */
@Command(name = "create", description = "Creates a sandbox and attaches to its program.")
public final class SandboxCreateCommand implements Callable<Integer> {
    private static final int PROVISION_SECONDS = 300;

    private final CliContext context;

    @Option(names = "--name", paramLabel = "NAME", description = "Name of the sandbox (default: generated).")
    @Nullable String name;

    @Option(names = "--policy", paramLabel = "FILE", description = "Start policy, a YAML file.")
    @Nullable Path policy;

    @Option(names = "--learn", description = "Let through and record what no rule allows; see `policy learned`.")
    boolean learn;

    @Option(names = "--from", paramLabel = "SOURCE",
            description = "Container image, Dockerfile or its folder, or a file tree (folder or tar); default: the host's own files.")
    @Nullable String from;

    @Option(names = "--cpu", paramLabel = "QUANTITY", description = "Processors it may use, like 500m or 2.")
    @Nullable String cpu;

    @Option(names = "--memory", paramLabel = "QUANTITY", description = "Memory it may use, like 512Mi or 2Gi.")
    @Nullable String memory;

    @Option(names = "--pids", paramLabel = "NUMBER", description = "Processes it may have at a time.")
    @Nullable String pids;

    @Option(names = "--disk", paramLabel = "QUANTITY", description = "Size of its workspace, and of its /tmp, like 2Gi; without it the workspace may take what the host has.")
    @Nullable String disk;

    @Option(names = "--env", paramLabel = "KEY=VALUE", description = "Environment variable of the program; repeatable.")
    List<String> environment = new ArrayList<>();

    @Option(names = "--label", paramLabel = "KEY=VALUE", description = "Label to select by; repeatable.")
    List<String> labels = new ArrayList<>();

    @Option(names = "--provider", paramLabel = "NAME", description = "Provider to attach; repeatable.")
    List<String> providers = new ArrayList<>();

    @Option(names = "--tty", negatable = true, description = "Give the program a terminal (default: when there is one).")
    @Nullable Boolean tty;

    @Option(names = "--detach", description = "Return when the sandbox is ready.")
    boolean detach;

    @Option(names = "--keep", hidden = true)
    boolean keep;

    @Option(names = "--no-keep", description = "Delete the sandbox when the session ends.")
    boolean noKeep;

    @Option(names = "-o", paramLabel = "FORMAT", description = "table, json or yaml.")
    OutputFormat format = OutputFormat.table;

    @Parameters(paramLabel = "COMMAND", description = "Program and arguments, after --.")
    List<String> command = new ArrayList<>();

    SandboxCreateCommand(CliContext context) {
        this.context = context;
    }

    @Override
    public Integer call() {
        checkFlags();
        SandboxSpec.Builder spec = spec();
        Session session = context.startedSession();
        template(session).ifPresent(spec::setTemplate);
        Sandbox sandbox = awaitReady(session, create(session, spec.build()));
        session.used(sandbox.getMetadata().getName());
        Seal.ifAny(session, sandbox).ifPresent(seal -> seal.gaps().forEach(gap -> context.printer().note("! " + gap)));
        if (format != OutputFormat.table) {
            context.printer().document(format, SandboxView.summary(sandbox));
            return ExitCodes.OK;
        }
        if (detach || (command.isEmpty() && !terminal())) {
            return ExitCodes.OK;
        }
        return noKeep ? attachAndDelete(session, sandbox) : attach(session, sandbox);
    }

    private void checkFlags() {
        conflict(keep && noKeep, "--keep and --no-keep");
        conflict(detach && noKeep, "--detach and --no-keep");
        conflict(format != OutputFormat.table && (noKeep || (!command.isEmpty() && !detach)), "-o and an attached session");
    }

    private static void conflict(boolean both, String flags) {
        if (both) {
            throw new CliException(flags + " exclude each other.", ExitCodes.USAGE);
        }
    }

    private boolean terminal() {
        return tty != null ? tty : context.terminal().stdin() && context.terminal().stdout();
    }

    private Optional<SandboxTemplate> template(Session session) {
        Map<String, @Nullable String> limits = new LinkedHashMap<>();
        limits.put("cpu", cpu);
        limits.put("memory", memory);
        limits.put("pids", pids);
        limits.put("disk", disk);
        String image = from == null ? "" : new SourceArgument(context, session).image(from);
        return Templates.of(image, limits);
    }

    private SandboxSpec.Builder spec() {
        SandboxSpec.Builder spec = SandboxSpec.newBuilder()
                .putAllEnvironment(Parsers.pairs("--env", environment))
                .addAllProviders(providers)
                .addAllCommand(command)
                .setTty(terminal() && !detach);
        Optional.ofNullable(policy).or(() -> context.environment().get("OPENSHELL_SANDBOX_POLICY").map(Path::of))
                .ifPresent(file -> spec.setPolicy(PolicyFile.read(file)));
        if (learn) {
            PolicyDocument base = spec.hasPolicy() ? PolicyCodec.decode(spec.getPolicy()) : BuiltInPolicies.community();
            spec.setPolicy(PolicyCodec.encode(Learning.on(base)));
        }
        return spec;
    }

    private Sandbox create(Session session, SandboxSpec spec) {
        CreateSandboxRequest request = CreateSandboxRequest.newBuilder().setSpec(spec)
                .setName(name == null ? "" : name).setWorkspace(session.workspace())
                .putAllLabels(Parsers.pairs("--label", labels)).build();
        try {
            Sandbox created = session.client().call(Rpc.CREATE, request).getSandbox();
            context.printer().note("Created sandbox: " + created.getMetadata().getName());
            return created;
        } catch (RpcException e) {
            if (e.code() == RpcCode.ALREADY_EXISTS) {
                throw new CliException("sandbox '" + name + "' exists already; delete it with `openshell sandbox delete "
                        + name + "` or choose another name.");
            }
            throw e;
        }
    }

    private Sandbox awaitReady(Session session, Sandbox created) {
        Duration limit = Duration.ofSeconds(context.environment().seconds("OPENSHELL_PROVISION_TIMEOUT", PROVISION_SECONDS));
        try (Steps steps = context.steps()) {
            steps.begin("Starting sandbox");
            Sandbox ready = new PhaseWatch(session, steps, limit, created).until(SandboxPhase.SANDBOX_PHASE_READY);
            steps.done();
            return ready;
        }
    }

    private int attach(Session session, Sandbox sandbox) {
        return new Attachment(context, session).toMain(sandbox.getMetadata().getId(), terminal());
    }

    private int attachAndDelete(Session session, Sandbox sandbox) {
        int exitCode = attach(session, sandbox);
        String created = sandbox.getMetadata().getName();
        try {
            session.client().call(Rpc.DELETE, DeleteSandboxRequest.newBuilder().setName(created)
                    .setWorkspace(session.workspace()).build());
            session.last().forget(session.workspace(), created);
        } catch (RpcException e) {
            context.printer().note("! sandbox '" + created + "' was not deleted: " + e.getMessage());
            return exitCode == ExitCodes.OK ? ExitCodes.FAILURE : exitCode;
        }
        return exitCode;
    }
}
