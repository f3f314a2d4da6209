package io.openshell.agent.execute;

import io.openshell.agent.plan.Run;
import io.openshell.agent.plan.Step;
import io.openshell.agent.report.SandboxLog;
import io.openshell.agent.runtime.LaunchOutcome;
import io.openshell.agent.runtime.LaunchRequest;
import io.openshell.agent.runtime.RunningSandbox;
import io.openshell.agent.runtime.SandboxRuntime;
import io.openshell.model.egress.CompiledPolicy;
import io.openshell.model.isolation.LayerKind;
import io.openshell.model.isolation.LayerReport;
import io.openshell.model.sandbox.Enforcement;
import io.openshell.proxy.EgressProxy;
import io.openshell.proxy.Listener;
import io.openshell.proxy.ProxyEventLoops;
import io.openshell.proxy.ProxyLimits;
import io.openshell.proxy.ProxyPorts;
import io.openshell.proxy.ProxySettings;
import io.openshell.proxy.Resolver;
import io.openshell.proxy.SandboxRef;
import io.openshell.proxy.TlsTermination;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Starts a sandbox and its way out. Blocks for some milliseconds; thread safe. */
public final class Launcher {

    private static final Logger LOG = LoggerFactory.getLogger(Launcher.class);

    private final SandboxRuntime runtime;
    private final ProxyEventLoops loops;
    private final Resolver resolver;
    private final Supplier<String> instanceIds;
    private final SandboxTls tls = new SandboxTls();

    /** Starts on this runtime. */
    public Launcher(SandboxRuntime runtime, ProxyEventLoops loops, Resolver resolver, Supplier<String> instanceIds) {
        this.runtime = runtime;
        this.loops = loops;
        this.resolver = resolver;
        this.instanceIds = instanceIds;
        tls.warmUp();
    }

    /** How a launch ended. */
    sealed interface Launched {
        /** It runs. */
        record Up(Running running, Run.Started run) implements Launched {}

        /** It does not, and nothing of it is left. */
        record Down(Run.NotStarted run) implements Launched {}
    }

    SandboxRuntime runtime() {
        return runtime;
    }

    Launched launch(String sandboxId, Step.Launch step, SandboxLog log) {
        String instance = instanceIds.get();
        Step.MainProcess main = step.main();
        SandboxTls.Made made = tls.make();
        LaunchRequest request = new LaunchRequest(
                sandboxId, instance, step.hostname(), step.policy(), main.command(), main.environment(), main.tty(), made.files(),
                main.basis());
        return switch (runtime.launch(request)) {
            case LaunchOutcome.Running r -> openEgress(r.sandbox(), step, made.termination(), log);
            case LaunchOutcome.Refused r ->
                down(step, instance, r.layers(), "LAYER_ABSENT", r.reason());
            case LaunchOutcome.Failed f ->
                down(step, instance, List.of(), f.code(), f.stage() + ": " + f.message());
        };
    }

    private Launched openEgress(RunningSandbox sandbox, Step.Launch step, TlsTermination termination, SandboxLog log) {
        int version = step.revision().version();
        try {
            EgressProxy proxy = EgressProxy.start(loops, new ProxySettings(
                    new Listener.Adopted(sandbox.proxyListenerFd()),
                    new SandboxRef(sandbox.sandboxId(), step.hostname()),
                    CompiledPolicy.compile(step.policy()),
                    version,
                    termination,
                    ProxyPorts.of(new KernelCallers(sandbox.callers()), log, resolver),
                    ProxyLimits.STANDARD));
            List<LayerReport> layers = new ArrayList<>(sandbox.layers());
            layers.removeIf(l -> l.kind() == LayerKind.PROXY_LISTENER);
            layers.add(new LayerReport.Enforced(LayerKind.PROXY_LISTENER, "policy version " + version));
            Enforcement enforcement =
                    new Enforcement(step.epoch(), sandbox.instanceId(), layers, sandbox.evidence(), version);
            return new Launched.Up(
                    new Running(sandbox, proxy), new Run.Started(enforcement, version, Optional.empty(), Optional.empty()));
        } catch (IllegalStateException | IllegalArgumentException e) {
            LOG.error("egress proxy not started: sandbox={}", sandbox.sandboxId(), e);
            sandbox.stop();
            LayerReport absent = new LayerReport.Absent(LayerKind.PROXY_LISTENER, String.valueOf(e.getMessage()));
            return down(step, sandbox.instanceId(), List.of(absent), "LAYER_ABSENT", "the egress proxy did not start: " + e.getMessage());
        }
    }

    private static Launched down(
            Step.Launch step, String attempt, List<LayerReport> layers, String code, String reason) {
        return new Launched.Down(new Run.NotStarted(step.epoch(), attempt, layers, code, reason));
    }
}
