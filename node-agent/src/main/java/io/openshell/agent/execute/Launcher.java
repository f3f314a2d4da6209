package io.openshell.agent.execute;

import io.openshell.agent.advise.RecentDenials;
import io.openshell.agent.credential.CredentialSource;
import io.openshell.agent.plan.Generations;
import io.openshell.agent.plan.Run;
import io.openshell.agent.plan.Step;
import io.openshell.agent.report.SandboxLog;
import io.openshell.agent.runtime.AdoptOutcome;
import io.openshell.agent.runtime.Keepsake;
import io.openshell.agent.runtime.DirectTraffic;
import io.openshell.agent.runtime.KeptRun;
import io.openshell.agent.runtime.LaunchOutcome;
import io.openshell.agent.runtime.LaunchRequest;
import io.openshell.agent.runtime.RunningSandbox;
import io.openshell.agent.runtime.SandboxRuntime;
import io.openshell.model.egress.CompiledPolicy;
import io.openshell.model.global.GlobalRevision;
import io.openshell.model.isolation.LayerKind;
import io.openshell.model.isolation.LayerReport;
import io.openshell.model.policy.PolicyDocument;
import io.openshell.model.sandbox.Enforcement;
import io.openshell.model.sandbox.PolicyRevision;
import io.openshell.proxy.DirectEntries;
import io.openshell.proxy.EgressProxy;
import io.openshell.proxy.Listener;
import io.openshell.proxy.PolicyAdvisor;
import io.openshell.proxy.ProxyEventLoops;
import io.openshell.proxy.ProxyLimits;
import io.openshell.proxy.ProxyPorts;
import io.openshell.proxy.ProxySettings;
import io.openshell.proxy.Resolver;
import io.openshell.proxy.SandboxRef;
import io.openshell.proxy.TlsTermination;
import java.time.Clock;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Starts a sandbox and its way out. Blocks for some milliseconds; thread safe. */
public final class Launcher {

    private static final Logger LOG = LoggerFactory.getLogger(Launcher.class);

    private final SandboxRuntime runtime;
    private final ProxyEventLoops loops;
    private final Resolver resolver;
    private final Supplier<String> instanceIds;
    private final Advisors advisors;
    private final CredentialSource credentials;
    private final SandboxTls tls = new SandboxTls();

    /** Makes who answers the programs of a sandbox. */
    @FunctionalInterface
    public interface Advisors {
        /** The advisor of a sandbox whose proxy decides by this generation. */
        PolicyAdvisor of(String sandboxId, RecentDenials denials, LongSupplier generation);
    }

    /** Starts on this runtime. */
    public Launcher(SandboxRuntime runtime, ProxyEventLoops loops, Resolver resolver, CredentialSource credentials,
            Supplier<String> instanceIds, Advisors advisors) {
        this.credentials = credentials;
        this.advisors = advisors;
        this.runtime = runtime;
        this.loops = loops;
        this.resolver = resolver;
        this.instanceIds = instanceIds;
        tls.warmUp();
    }

    /** How a launch ended. */
    public sealed interface Launched {
        /** It runs. */
        record Up(Running running, Run.Started run) implements Launched {}

        /** It does not, and nothing of it is left. */
        record Down(Run.NotStarted run) implements Launched {}
    }

    SandboxRuntime runtime() {
        return runtime;
    }

    /** Starts one. */
    public Launched launch(String sandboxId, Step.Launch step, SandboxLog log) {
        String instance = instanceIds.get();
        SandboxTls.Made made = tls.take();
        LaunchRequest request = request(sandboxId, instance, step, step.policy())
                .with(made.files())
                .with(new Keepsake(step.epoch(), step.revision().version(), made.secret()));
        return switch (runtime.launch(request)) {
            case LaunchOutcome.Running r -> openEgress(r.sandbox(), step, made.termination(), log);
            case LaunchOutcome.Refused r ->
                down(step, instance, r.layers(), "LAYER_ABSENT", r.reason());
            case LaunchOutcome.Failed f ->
                down(step, instance, List.of(), f.code(), f.stage() + ": " + f.message());
        };
    }

    private LaunchRequest request(String sandboxId, String instance, Step.Launch step, PolicyDocument policy) {
        Step.MainProcess main = step.main();
        Map<String, String> environment = new HashMap<>(credentials.environment(sandboxId));
        environment.putAll(main.environment());
        return new LaunchRequest(sandboxId, instance, step.hostname(), policy, main.command(), environment, main.tty())
                .with(main.basis());
    }

    /** How taking a sandbox over ended. */
    sealed interface Taken {
        /** It runs on. */
        record Over(Running running, Run.Started run, Map<String, String> verified) implements Taken {}

        /** It cannot be taken over; what is left of it is to be ended. */
        record Not(String reason) implements Taken {}
    }

    Taken adopt(String sandboxId, Step.Adopt step, SandboxLog log) {
        Optional<KeptRun> kept = runtime.kept(sandboxId);
        if (kept.isEmpty()) {
            return new Taken.Not("nothing of it was kept");
        }
        KeptRun run = kept.get();
        Optional<PolicyRevision> sealed = step.revisions().stream().filter(r -> r.version() == run.revision()).findFirst();
        boolean wanted = run.epoch() == step.launch().epoch() && (step.instanceId().isEmpty() || step.instanceId().equals(run.instanceId()));
        if (!wanted || sealed.isEmpty()) {
            return new Taken.Not("what was kept belongs to another start");
        }
        return switch (runtime.adopt(request(sandboxId, run.instanceId(), step.launch(), sealed.get().policy()))) {
            case AdoptOutcome.NotAdopted n -> new Taken.Not(n.reason());
            case AdoptOutcome.Adopted a when step.instanceId().isEmpty() && a.sandbox().evidence().isEmpty() -> {
                a.sandbox().stop();
                yield new Taken.Not("its main process ended before anybody had seen it confined");
            }
            case AdoptOutcome.Adopted a -> switch (openEgress(a.sandbox(), step.launch(), tls.restore(a.secret()), log)) {
                case Launched.Up up -> new Taken.Over(up.running(), up.run(), a.verified());
                case Launched.Down down -> new Taken.Not(down.run().reason());
            };
        };
    }

    private Launched openEgress(RunningSandbox sandbox, Step.Launch step, TlsTermination termination, SandboxLog log) {
        int version = step.revision().version();
        int global = step.overlay().global().map(GlobalRevision::version).orElse(0);
        PolicyDocument policy = step.overlay().over(step.policy());
        RecentDenials verdicts = new RecentDenials(log);
        AtomicReference<@Nullable EgressProxy> started = new AtomicReference<>();
        long first = global == 0 ? Generations.first(false, version) : Generations.first(true, global);
        PolicyAdvisor advisor = advisors.of(sandbox.sandboxId(), verdicts, () -> {
            EgressProxy proxy = started.get();
            return proxy == null ? first : proxy.generation();
        });
        try {
            EgressProxy proxy = EgressProxy.start(loops, new ProxySettings(
                    new Listener.Adopted(sandbox.proxyListenerFd()),
                    new SandboxRef(sandbox.sandboxId(), step.hostname()),
                    CompiledPolicy.compile(policy),
                    first,
                    termination,
                    ProxyPorts.of(new KernelCallers(sandbox.callers()), verdicts, resolver,
                            credentials.forSandbox(sandbox.sandboxId())).with(advisor),
                    ProxyLimits.STANDARD));
            started.set(proxy);
            List<LayerReport> layers = new ArrayList<>(sandbox.layers());
            layers.removeIf(l -> l.kind() == LayerKind.PROXY_LISTENER);
            layers.add(listening(sandbox, global == 0 ? "policy version " + version : "global policy version " + global));
            DirectTraffic.Entries entries = sandbox.direct().entries();
            if (entries.streams() >= 0) {
                proxy.serve(new DirectEntries(entries.streams(), entries.names(), entries.nameStreams()));
            }
            sandbox.direct().watch(new DirectVerdicts(sandbox.sandboxId(), verdicts, proxy::generation, Clock.systemUTC()));
            Enforcement enforcement =
                    new Enforcement(step.epoch(), sandbox.instanceId(), layers, sandbox.evidence(), version);
            return new Launched.Up(
                    new Running(sandbox, proxy), new Run.Started(
                            enforcement, version, global, step.overlay().mark(), Optional.empty(), Optional.empty()));
        } catch (IllegalStateException | IllegalArgumentException e) {
            LOG.error("egress proxy not started: sandbox={}", sandbox.sandboxId(), e);
            sandbox.stop();
            LayerReport absent = new LayerReport.Absent(LayerKind.PROXY_LISTENER, String.valueOf(e.getMessage()));
            return down(step, sandbox.instanceId(), List.of(absent), "LAYER_ABSENT", "the egress proxy did not start: " + e.getMessage());
        }
    }

    private static LayerReport listening(RunningSandbox sandbox, String policy) {
        return sandbox.direct().absent()
                .map(why -> (LayerReport) new LayerReport.Weakened(LayerKind.PROXY_LISTENER,
                        policy + "; attempts to go around the proxy fail without being recorded (" + why + ")"))
                .orElseGet(() -> new LayerReport.Enforced(LayerKind.PROXY_LISTENER, policy + "; attempts to go around it are recorded"));
    }

    private static Launched down(
            Step.Launch step, String attempt, List<LayerReport> layers, String code, String reason) {
        return new Launched.Down(new Run.NotStarted(step.epoch(), attempt, layers, code, reason));
    }
}
