package io.openshell.model.sandbox;

import io.openshell.model.Decision;
import io.openshell.model.RejectionCode;
import io.openshell.model.isolation.LayerReport;
import io.openshell.model.sandbox.SandboxState.Live;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** What becomes of the things a node reports. An outdated report is refused, so a late node cannot undo a newer start. */
final class NodeReports {

    private NodeReports() {}

    static Decision<SandboxEvent> enforced(SandboxCommand.ReportEnforced c, Live live) {
        Enforcement got = c.enforcement();
        if (outdated(got.epoch(), live)) {
            return outdated();
        }
        return switch (live.phase()) {
            case PROVISIONING, STARTING, READY -> started(c, live);
            // It was stopped or deleted while it started; the node learns that from its feed and ends it.
            case STOPPING, STOPPED, DELETING, ERROR -> outdated();
        };
    }

    private static Decision<SandboxEvent> started(SandboxCommand.ReportEnforced c, Live live) {
        Enforcement got = c.enforcement();
        if (live.lifecycle().instanceId().equals(got.instanceId()) && live.phase() == Phase.READY) {
            return Decision.unchanged();
        }
        List<SandboxEvent> events = new ArrayList<>();
        events.add(new SandboxEvent.LayersEnforced(got));
        boolean known = live.policies().revision(c.policyVersion()).isPresent();
        if (known && live.policies().activeVersion() < c.policyVersion()) {
            events.add(new SandboxEvent.PolicyRevisionLoaded(c.policyVersion(), got.generation()));
        }
        events.add(new SandboxEvent.SandboxReady(got.epoch(), got.instanceId()));
        return new Decision.Accepted<>(events);
    }

    static Decision<SandboxEvent> refused(SandboxCommand.ReportRefused c, Live live) {
        return outdated(c.epoch(), live) || !starting(live)
                ? outdated()
                : Decision.accept(new SandboxEvent.SandboxRefused(c.epoch(), missing(c.layers()), c.code(), c.reason()));
    }

    /** Only what failed is worth keeping with a refusal. */
    private static List<LayerReport> missing(List<LayerReport> layers) {
        return layers.stream().filter(l -> !(l instanceof LayerReport.Enforced)).toList();
    }

    static Decision<SandboxEvent> interrupted(SandboxCommand.ReportInterrupted c, Live live) {
        if (outdated(c.epoch(), live)) {
            return outdated();
        }
        return switch (live.phase()) {
            case READY, STARTING, PROVISIONING ->
                Decision.accept(new SandboxEvent.SandboxInterrupted(c.epoch(), c.reason()));
            case ERROR, DELETING, STOPPING, STOPPED -> Decision.unchanged();
        };
    }

    /** Only of what the log has as running: anything else is told as a start of its own. */
    static Decision<SandboxEvent> adopted(SandboxCommand.ReportAdopted c, Live live) {
        boolean current = live.lifecycle().instanceId().equals(c.instanceId()) && live.phase() == Phase.READY;
        return outdated(c.epoch(), live) || !current
                ? outdated()
                : Decision.accept(new SandboxEvent.SandboxAdopted(c.epoch(), c.instanceId(), c.verified()));
    }

    /** Also after the process it ended was reported: what was behind an end is worth knowing in any order. */
    static Decision<SandboxEvent> limitReached(SandboxCommand.ReportLimitReached c, Live live) {
        boolean current = live.lifecycle().instanceId().equals(c.instanceId());
        return outdated(c.epoch(), live) || !current
                ? Decision.unchanged()
                : Decision.accept(new SandboxEvent.LimitReached(c.epoch(), c.instanceId(), c.limit(), c.times(), c.detail()));
    }

    /** Only of what the log has as running: whoever ends a sandbox lets it go on for that. */
    static Decision<SandboxEvent> pause(SandboxCommand.ReportPause c, Live live) {
        boolean current = live.lifecycle().instanceId().equals(c.instanceId()) && live.phase() == Phase.READY;
        if (outdated(c.epoch(), live) || !current || live.lifecycle().paused() == c.held().isPresent()) {
            return Decision.unchanged();
        }
        return Decision.accept(c.held().<SandboxEvent>map(held -> new SandboxEvent.SandboxPaused(c.epoch(), c.instanceId(), held))
                .orElseGet(() -> new SandboxEvent.SandboxResumed(c.epoch(), c.instanceId())));
    }

    static Decision<SandboxEvent> mainExited(SandboxCommand.ReportMainExited c, Live live) {
        boolean current = live.lifecycle().instanceId().equals(c.instanceId());
        return outdated(c.epoch(), live) || !current || live.phase() != Phase.READY
                ? Decision.unchanged()
                : Decision.accept(new SandboxEvent.MainProcessExited(c.epoch(), c.instanceId(), c.exitCode()));
    }

    static Decision<SandboxEvent> stopped(SandboxCommand.ReportStopped c, Live live) {
        return outdated(c.epoch(), live) || live.phase() != Phase.STOPPING
                ? Decision.unchanged()
                : Decision.accept(new SandboxEvent.SandboxStopped(c.epoch()));
    }

    static Decision<SandboxEvent> removed(SandboxCommand.ReportRemoved c, Live live) {
        boolean same = live.request().sandboxId().equals(c.sandboxId());
        return same && live.phase() == Phase.DELETING
                ? Decision.accept(new SandboxEvent.SandboxDeleted(c.sandboxId()))
                : Decision.unchanged();
    }

    static Decision<SandboxEvent> policyLoaded(SandboxCommand.ReportPolicyLoaded c, Live live) {
        if (live.policies().revision(c.version()).isEmpty()) {
            return unknownVersion(c.version());
        }
        return live.policies().activeVersion() >= c.version()
                ? Decision.unchanged()
                : Decision.accept(new SandboxEvent.PolicyRevisionLoaded(c.version(), c.generation()));
    }

    static Decision<SandboxEvent> policyFailed(SandboxCommand.ReportPolicyFailed c, Live live) {
        Optional<PolicyRevision> revision = live.policies().revision(c.version());
        if (revision.isEmpty()) {
            return unknownVersion(c.version());
        }
        PolicyRevision.Status status = revision.get().status();
        // A node may try again and fail for the same reason again and again; that is one fact.
        boolean known = status.kind() == PolicyRevision.Status.Kind.FAILED && status.error().equals(c.error());
        return known || live.policies().activeVersion() >= c.version()
                ? Decision.unchanged()
                : Decision.accept(new SandboxEvent.PolicyRevisionFailed(c.version(), c.error()));
    }

    static Decision<SandboxEvent> globalPolicy(SandboxCommand.ReportGlobalPolicy c, Live live) {
        if (outdated(c.epoch(), live)) {
            return outdated();
        }
        return live.policies().globalVersion() == c.version()
                ? Decision.unchanged()
                : Decision.accept(new SandboxEvent.GlobalPolicyLoaded(c.epoch(), c.version()));
    }

    static Decision<SandboxEvent> providerRules(SandboxCommand.ReportProviderRules c, Live live) {
        if (outdated(c.epoch(), live)) {
            return outdated();
        }
        return live.policies().provided().mark().equals(c.mark())
                ? Decision.unchanged()
                : Decision.accept(new SandboxEvent.ProviderRulesLoaded(c.epoch(), c.mark()));
    }

    private static Decision<SandboxEvent> unknownVersion(int version) {
        return Decision.reject(RejectionCode.POLICY_VERSION_UNKNOWN, "there is no policy version " + version);
    }

    private static boolean starting(Live live) {
        return live.phase() == Phase.PROVISIONING || live.phase() == Phase.STARTING;
    }

    private static boolean outdated(long epoch, Live live) {
        return epoch != live.placement().epoch();
    }

    private static Decision<SandboxEvent> outdated() {
        return Decision.reject(RejectionCode.REPORT_OUTDATED, "the report belongs to an earlier start");
    }
}
