package io.openshell.agent.plan;

import io.openshell.agent.plan.Run.Started;
import io.openshell.model.global.GlobalRevision;
import io.openshell.model.sandbox.PolicyRevision;
import io.openshell.model.sandbox.ProvidedInForce;
import io.openshell.model.sandbox.SandboxCommand;
import io.openshell.model.sandbox.SandboxRequest.Launch;
import io.openshell.model.sandbox.SandboxState.Live;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Compares what is wanted of a sandbox with what runs of it. A plan is either actions, after which one plans again, or
 * reports, which the log answers with a new wish. An empty plan means that nothing is left to do.
 */
public final class Planner {

    private static final List<String> LOGIN_SHELL = List.of("/bin/sh", "-l");

    private Planner() {}

    /** What to do about a sandbox the log still knows, while its own policy decides. */
    public static List<Step> plan(Live wanted, Run run) {
        return plan(wanted, Overlay.NONE, run);
    }

    /** The same while this decides in place of it, or beside it. */
    public static List<Step> plan(Live wanted, Overlay overlay, Run run) {
        return switch (wanted.phase()) {
            case PROVISIONING, STARTING -> toStart(wanted, overlay, run);
            case READY -> toKeep(wanted, overlay, run);
            case ERROR, STOPPED -> toRest(run);
            case STOPPING -> toStop(wanted, run);
            case DELETING -> toRemove(wanted, run);
        };
    }

    /** What to do about a sandbox the log has forgotten: its node was the one to say that nothing is left. */
    public static List<Step> planGone(Run run) {
        return switch (run) {
            case Started s -> List.of(new Step.Halt());
            case Run.Unknown u -> List.of();
            case Run.NotAdopted a -> List.of();
            case Run.Absent a -> List.of();
            case Run.Halted h -> List.of(new Step.Purge());
            case Run.NotStarted n -> List.of(new Step.Purge());
            case Run.Purged p -> List.of();
        };
    }

    private static List<Step> toStart(Live wanted, Overlay overlay, Run run) {
        if (wanted.policies().revisions().isEmpty()) {
            return List.of(); // the feed brings one event after the other, and the policy is still to come
        }
        long epoch = wanted.placement().epoch();
        return switch (run) {
            case Run.Unknown u -> List.of(adopt(wanted, overlay, ""));
            case Run.NotAdopted n -> List.of(launch(wanted, overlay));
            case Run.Absent a -> List.of(launch(wanted, overlay));
            case Run.Halted h -> List.of(launch(wanted, overlay));
            case Run.Purged p -> List.of(launch(wanted, overlay));
            case Run.NotStarted n -> n.epoch() == epoch ? List.of(refused(wanted, n)) : List.of(launch(wanted, overlay));
            case Started s -> s.enforcement().epoch() == epoch ? started(s) : List.of(new Step.Halt());
        };
    }

    private static Step adopt(Live wanted, Overlay overlay, String instance) {
        return new Step.Adopt(launch(wanted, overlay), instance, wanted.policies().revisions());
    }

    private static Step.Launch launch(Live wanted, Overlay overlay) {
        Launch launch = wanted.request().launch();
        List<String> command = launch.command().isEmpty() ? LOGIN_SHELL : launch.command();
        return new Step.Launch(
                wanted.placement().epoch(),
                wanted.request().name(),
                new Step.MainProcess(command, launch.environment(), launch.tty(), launch.basis()),
                usable(wanted),
                overlay);
    }

    /** The newest revision that has not failed; the first one was checked before it was stored. */
    private static PolicyRevision usable(Live wanted) {
        List<PolicyRevision> revisions = wanted.policies().revisions();
        for (int i = revisions.size() - 1; i > 0; i--) {
            if (revisions.get(i).status().kind() != PolicyRevision.Status.Kind.FAILED) {
                return revisions.get(i);
            }
        }
        return revisions.get(0);
    }

    private static List<Step> started(Started s) {
        List<Step> steps = new ArrayList<>();
        String instance = s.enforcement().instanceId();
        steps.add(new Step.Report("enforced." + instance, new SandboxCommand.ReportEnforced(s.enforcement(), s.policyVersion())));
        exited(s).ifPresent(steps::add);
        return steps;
    }

    private static Optional<Step> exited(Started s) {
        String instance = s.enforcement().instanceId();
        long epoch = s.enforcement().epoch();
        return s.end().map(end ->
                new Step.Report("exited." + instance, new SandboxCommand.ReportMainExited(epoch, instance, end.exitCode())));
    }

    // A late report of an earlier start can make a sandbox ready once more before its loss is told. The refusal must then be
    // told again, and as another fact, since the log has turned the first one down.
    private static Step refused(Live wanted, Run.NotStarted n) {
        String instance = wanted.lifecycle().instanceId();
        return new Step.Report(
                "refused." + n.attempt() + (instance.isEmpty() ? "" : ".after." + instance),
                new SandboxCommand.ReportRefused(n.epoch(), n.layers(), n.code(), n.reason()));
    }

    private static List<Step> toKeep(Live wanted, Overlay overlay, Run run) {
        String instance = wanted.lifecycle().instanceId();
        return switch (run) {
            case Started s -> s.enforcement().instanceId().equals(instance)
                    ? exited(s).map(List::of).orElseGet(() -> overlay.global().map(g -> underGlobal(wanted, g, s)).orElseGet(() -> policy(wanted, overlay, s)))
                    : started(s);
            case Run.Unknown u -> List.of(adopt(wanted, overlay, instance));
            case Run.NotAdopted n -> interrupted(wanted, "the node's agent was restarted and could not take it over: " + n.reason());
            case Run.Absent a -> interrupted(wanted, "its processes are gone");
            case Run.Halted h -> interrupted(wanted, h.reason());
            case Run.NotStarted n -> interrupted(wanted, n.reason());
            case Run.Purged p -> interrupted(wanted, "its files were removed");
        };
    }

    private static List<Step> interrupted(Live wanted, String reason) {
        return List.of(new Step.Report(
                "interrupted." + wanted.lifecycle().instanceId(),
                new SandboxCommand.ReportInterrupted(wanted.placement().epoch(), reason)));
    }

    private static List<Step> underGlobal(Live wanted, GlobalRevision global, Started s) {
        return s.globalVersion() == global.version()
                ? confirmed(wanted, s)
                : List.of(new Step.EnforceGlobal(global, usable(wanted)));
    }

    /** Tells which global policy is in force, or that none is, until the log knows. */
    private static List<Step> confirmed(Live wanted, Started s) {
        int version = s.globalVersion();
        String instance = s.enforcement().instanceId();
        // Under the name of the event it answers to: the same version can come into force again after a restart.
        return wanted.policies().globalVersion() == version
                ? List.of()
                : List.of(new Step.Report(
                        "global-policy." + instance + "." + version + ".after." + wanted.policies().globalVersion(),
                        new SandboxCommand.ReportGlobalPolicy(s.enforcement().epoch(), version)));
    }

    private static List<Step> policy(Live wanted, Overlay overlay, Started s) {
        if (s.globalVersion() != 0) {
            return List.of(new Step.EnforcePolicy(usable(wanted), overlay.provided()));
        }
        List<Step> own = confirmed(wanted, s);
        if (!own.isEmpty()) {
            return own;
        }
        PolicyRevision newest = wanted.policies().newest().orElseThrow();
        boolean failed = s.failed().filter(each -> each.version() == newest.version()).isPresent();
        boolean pending = newest.status().kind() == PolicyRevision.Status.Kind.PENDING;
        if (pending && !failed && s.policyVersion() < newest.version()) {
            return List.of(new Step.EnforcePolicy(newest, overlay.provided()));
        }
        if (pending) {
            return List.of(revision(wanted, newest.version(), failed ? s.failed() : Optional.empty()));
        }
        if (!s.provided().equals(overlay.mark())) {
            // A revision whose old connections did not close in time decides all the same.
            int deciding = Math.max(s.policyVersion(), s.failed().map(Run.FailedPolicy::version).orElse(0));
            return List.of(new Step.EnforcePolicy(
                    wanted.policies().revision(deciding).orElseGet(() -> usable(wanted)), overlay.provided()));
        }
        return provided(wanted, s).stream().toList();
    }

    private static Step revision(Live wanted, int version, Optional<Run.FailedPolicy> failed) {
        String id = wanted.request().sandboxId() + "." + version;
        return failed.isPresent()
                ? new Step.Report("policy-failed." + id, new SandboxCommand.ReportPolicyFailed(version, failed.get().error()))
                : new Step.Report("policy-loaded." + id, new SandboxCommand.ReportPolicyLoaded(version, version));
    }

    /** Tells which rules of providers are in force, until the log knows; each change of them is a fact of its own. */
    private static Optional<Step> provided(Live wanted, Started s) {
        ProvidedInForce known = wanted.policies().provided();
        return known.mark().equals(s.provided())
                ? Optional.empty()
                : Optional.of(new Step.Report(
                        "provider-rules." + s.enforcement().instanceId() + "." + known.serial(),
                        new SandboxCommand.ReportProviderRules(s.enforcement().epoch(), s.provided())));
    }

    private static List<Step> toRest(Run run) {
        return switch (run) {
            case Started s -> List.of(new Step.Halt());
            case Run.Unknown u -> List.of(new Step.RemoveLeftovers());
            case Run.NotAdopted a -> List.of();
            case Run.Absent a -> List.of();
            case Run.Halted h -> List.of();
            case Run.NotStarted n -> List.of();
            case Run.Purged p -> List.of();
        };
    }

    private static List<Step> toStop(Live wanted, Run run) {
        List<Step> first = toRest(run);
        long epoch = wanted.placement().epoch();
        return first.isEmpty()
                ? List.of(new Step.Report(
                        "stopped." + wanted.request().sandboxId() + "." + epoch, new SandboxCommand.ReportStopped(epoch)))
                : first;
    }

    private static List<Step> toRemove(Live wanted, Run run) {
        String id = wanted.request().sandboxId();
        return switch (run) {
            case Started s -> List.of(new Step.Halt());
            case Run.Purged p -> List.of(new Step.Report("removed." + id, new SandboxCommand.ReportRemoved(id)));
            case Run.Unknown u -> List.of(new Step.Purge());
            case Run.NotAdopted a -> List.of(new Step.Purge());
            case Run.Absent a -> List.of(new Step.Purge());
            case Run.Halted h -> List.of(new Step.Purge());
            case Run.NotStarted n -> List.of(new Step.Purge());
        };
    }
}
