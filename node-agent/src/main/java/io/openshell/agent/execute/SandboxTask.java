package io.openshell.agent.execute;

import io.openshell.agent.desired.DesiredSandbox;
import io.openshell.agent.execute.Launcher.Launched;
import io.openshell.agent.execute.Launcher.Taken;
import io.openshell.agent.plan.Generations;
import io.openshell.agent.plan.Overlay;
import io.openshell.agent.plan.Pauses;
import io.openshell.agent.plan.Planner;
import io.openshell.agent.plan.Run;
import io.openshell.agent.plan.Step;
import io.openshell.agent.report.Reporter;
import io.openshell.agent.report.SandboxLog;
import io.openshell.agent.runtime.LimitHit;
import io.openshell.agent.runtime.RunningSandbox;
import io.openshell.model.egress.CompiledPolicy;
import io.openshell.model.sandbox.Enforcement;
import io.openshell.model.sandbox.PolicyRevision;
import io.openshell.model.sandbox.ProvidedRules;
import io.openshell.model.sandbox.SandboxCommand;
import io.openshell.model.sandbox.SandboxState;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Brings one sandbox to where the log wants it. One thread at a time; {@link #sandbox} from any. */
final class SandboxTask {

    /** More rounds than any sound sequence of plans takes; what is left then is taken up by the next tick. */
    private static final int ROUNDS = 16;

    private static final Logger LOG = LoggerFactory.getLogger(SandboxTask.class);

    private final String sandboxId;
    private final Supplier<Optional<DesiredSandbox>> desired;
    private final Parts parts;
    private Run run = new Run.Unknown();
    private volatile @Nullable Running running;

    /** What all tasks share, and this task's own log and wake-up call. */
    record Parts(Launcher launcher, Reporter reporter, SandboxLog log, Runnable wake) {}

    SandboxTask(String sandboxId, Supplier<Optional<DesiredSandbox>> desired, Parts parts) {
        this.sandboxId = sandboxId;
        this.desired = desired;
        this.parts = parts;
    }

    /** What was started last, also after it was halted, for its retained output. */
    Optional<RunningSandbox> sandbox() {
        return Optional.ofNullable(running).map(Running::sandbox);
    }

    /** Plans and acts until nothing but waiting for the log is left. True when the task itself is no longer needed. */
    boolean reconcile() {
        for (int round = 0; round < ROUNDS; round++) {
            Optional<DesiredSandbox> wanted = desired.get();
            noticeLimits(wanted);
            noticeExit();
            noticePause(wanted);
            List<Step> plan = wanted.map(this::plan).orElseGet(() -> Planner.planGone(run));
            if (plan.isEmpty()) {
                return wanted.isEmpty();
            }
            if (!actOrReport(plan, wanted)) {
                return false;
            }
        }
        LOG.error("no end to the plans of a sandbox: sandbox={} run={}", sandboxId, run.getClass().getSimpleName());
        return false;
    }

    private List<Step> plan(DesiredSandbox wanted) {
        return switch (wanted.state()) {
            case SandboxState.Live live -> Planner.plan(live, Overlay.of(live, wanted.around()), run);
            case SandboxState.Deleted gone -> Planner.planGone(run);
            case SandboxState.Unused unused -> Planner.planGone(run);
        };
    }

    /** True when something was done, so that there is a new situation to plan for. */
    private boolean actOrReport(List<Step> plan, Optional<DesiredSandbox> wanted) {
        boolean acted = false;
        for (Step step : plan) {
            acted |= switch (step) {
                case Step.Report report -> {
                    wanted.ifPresent(d -> parts.reporter().send(d.stream(), report.fact(), d.correlationId(), report.command()));
                    yield false;
                }
                case Step.Adopt adopt -> adopt(adopt, wanted);
                case Step.RemoveLeftovers r -> removeLeftovers(new Run.Absent());
                case Step.Launch launch -> launch(launch);
                case Step.EnforcePolicy enforce -> enforce(enforce);
                case Step.EnforceGlobal enforce -> enforce(enforce);
                case Step.Halt halt -> halt();
                case Step.Purge purge -> purge();
            };
        }
        return acted;
    }

    private void noticeLimits(Optional<DesiredSandbox> wanted) {
        Running now = running;
        if (now == null || !(run instanceof Run.Started started) || wanted.isEmpty()) {
            return;
        }
        String instance = started.enforcement().instanceId();
        for (LimitHit hit : now.sandbox().limitHits()) {
            parts.log().error(hit.detail());
            parts.reporter().send(
                    wanted.get().stream(),
                    "limit." + instance + "." + hit.limit() + "." + hit.times(),
                    wanted.get().correlationId(),
                    new SandboxCommand.ReportLimitReached(
                            started.enforcement().epoch(), instance, hit.limit(), hit.times(), hit.detail()));
        }
    }

    private void noticePause(Optional<DesiredSandbox> wanted) {
        Running now = running;
        if (now == null || !(run instanceof Run.Started) || wanted.isEmpty() || !(wanted.get().state() instanceof SandboxState.Live live)) {
            return;
        }
        DesiredSandbox sandbox = wanted.get();
        Pauses.due(live, run, now.sandbox().paused())
                .ifPresent(report -> parts.reporter().send(sandbox.stream(), report.fact(), sandbox.correlationId(), report.command()));
    }

    private void noticeExit() {
        Running now = running;
        if (now != null && run instanceof Run.Started started && started.end().isEmpty()) {
            Optional<String> lost = now.sandbox().lost();
            if (lost.isPresent()) {
                now.end();
                run = new Run.Halted(started.enforcement().instanceId(), lost.get());
                parts.log().error("lost: " + lost.get());
                return;
            }
            var exit = now.sandbox().main().exit().toCompletableFuture();
            if (exit.isDone()) {
                // Its status is lost when it ended while no agent was there and the kernel does not keep it.
                Optional<Integer> code = exit.isCompletedExceptionally() ? Optional.empty() : Optional.of(exit.join());
                run = started.exited(new Run.End(code));
                parts.log().info("main process ended with status " + code.map(String::valueOf).orElse("unknown"));
            }
        }
    }

    private boolean removeLeftovers(Run then) {
        parts.launcher().runtime().removeLeftovers(sandboxId);
        run = then;
        return true;
    }

    private boolean adopt(Step.Adopt step, Optional<DesiredSandbox> wanted) {
        switch (parts.launcher().adopt(sandboxId, step, parts.log())) {
            case Taken.Over over -> {
                begin(over.running(), over.run());
                parts.log().info("taken over with policy version " + over.run().policyVersion());
                Enforcement now = over.run().enforcement();
                if (!step.instanceId().isEmpty()) {
                    wanted.ifPresent(d -> parts.reporter().send(d.stream(), "adopted." + now.instanceId() + "." + UUID.randomUUID(),
                            d.correlationId(), new SandboxCommand.ReportAdopted(now.epoch(), now.instanceId(), over.verified())));
                }
            }
            case Taken.Not not -> {
                if (!step.instanceId().isEmpty()) {
                    parts.log().info("not taken over: " + not.reason());
                }
                removeLeftovers(new Run.NotAdopted(not.reason()));
            }
        }
        return true;
    }

    private void begin(Running started, Run.Started how) {
        running = started;
        run = how;
        started.sandbox().main().exit().whenComplete((code, failure) -> parts.wake().run());
    }

    private boolean launch(Step.Launch step) {
        switch (parts.launcher().launch(sandboxId, step, parts.log())) {
            case Launched.Up up -> {
                begin(up.running(), up.run());
                parts.log().info("sealed and started with policy version " + up.run().policyVersion());
            }
            case Launched.Down down -> {
                run = down.run();
                parts.log().error("not started: " + down.run().reason());
            }
        }
        return true;
    }

    private boolean enforce(Step.EnforcePolicy step) {
        PolicyRevision revision = step.revision();
        if (!(run instanceof Run.Started started) || running == null) {
            return false;
        }
        try {
            running.proxy().swap(CompiledPolicy.compile(ProvidedRules.over(revision.policy(), step.provided())),
                    Generations.next(running.proxy().generation(), false, revision.version()));
            run = started.enforcing(revision.version(), ProvidedRules.mark(step.provided()));
            parts.log().info("policy version " + revision.version() + beside(step) + " is in force");
        } catch (IllegalStateException e) {
            // The new policy decides already; connections of the old one are not all closed. Say so and do not claim success.
            boolean told = started.policyVersion() == revision.version()
                    || started.failed().filter(each -> each.version() == revision.version()).isPresent();
            if (started.globalVersion() != 0 || told) {
                parts.log().error("its own policy" + beside(step) + " decides, but not every connection of what decided before"
                        + " is closed: " + e.getMessage());
                return false; // the next tick tries again
            }
            run = started.failing(new Run.FailedPolicy(revision.version(), String.valueOf(e.getMessage())));
            parts.log().error("policy version " + revision.version() + " failed: " + e.getMessage());
        }
        return true;
    }

    private static String beside(Step.EnforcePolicy step) {
        return step.provided().isEmpty() ? "" : " with " + String.join(", ", step.provided().keySet());
    }

    /** False when what the policy before allowed is not all ended; the next tick tries again, and only then it is told. */
    private boolean enforce(Step.EnforceGlobal step) {
        int version = step.revision().version();
        if (!(run instanceof Run.Started started) || running == null) {
            return false;
        }
        try {
            running.proxy().swap(CompiledPolicy.compile(step.revision().over(step.own().policy())),
                    Generations.next(running.proxy().generation(), true, version));
            run = started.under(version);
            parts.log().info("global policy version " + version + " is in force");
            return true;
        } catch (IllegalStateException e) {
            parts.log().error("global policy version " + version + " decides, but not every connection of the one before"
                    + " is closed: " + e.getMessage());
            return false;
        }
    }

    /** Ends what runs. */
    boolean halt() {
        Running now = running;
        if (now != null && run instanceof Run.Started started) {
            now.end();
            run = new Run.Halted(started.enforcement().instanceId());
            parts.log().info("all its processes were ended");
        } else {
            parts.launcher().runtime().removeLeftovers(sandboxId);
            run = new Run.Absent();
        }
        return true;
    }

    /** Lets what runs go on for the next agent to take over. */
    boolean release() {
        Running now = running;
        if (now != null && run instanceof Run.Started) {
            now.release();
            run = new Run.Unknown();
        }
        return true;
    }

    private boolean purge() {
        parts.launcher().runtime().purge(sandboxId);
        running = null;
        run = new Run.Purged();
        return true;
    }
}
