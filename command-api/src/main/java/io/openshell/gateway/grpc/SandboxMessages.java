package io.openshell.gateway.grpc;

import io.openshell.model.sandbox.Basis;
import io.openshell.model.sandbox.Condition;
import io.openshell.model.sandbox.Phase;
import io.openshell.model.sandbox.PolicyRevision;
import io.openshell.model.sandbox.SandboxRequest;
import io.openshell.model.sandbox.SandboxState;
import io.openshell.projection.sandboxes.SandboxView;
import io.openshell.wire.datamodel.v1.ObjectMeta;
import io.openshell.wire.v1.PolicyStatus;
import io.openshell.wire.v1.Sandbox;
import io.openshell.wire.v1.SandboxCondition;
import io.openshell.wire.v1.SandboxPhase;
import io.openshell.wire.v1.SandboxPolicyRevision;
import io.openshell.wire.v1.SandboxSpec;
import io.openshell.wire.v1.SandboxStatus;

/** Views as wire messages. Any thread. */
public final class SandboxMessages {

    private static final EncodedPolicies POLICIES = new EncodedPolicies();

    private SandboxMessages() {}

    /** A sandbox as clients see it. */
    public static Sandbox sandbox(SandboxView view) {
        return Sandbox.newBuilder()
                .setMetadata(metadata(view))
                .setSpec(spec(view.state()))
                .setStatus(status(view))
                .build();
    }

    private static ObjectMeta metadata(SandboxView view) {
        SandboxState.Live state = view.state();
        SandboxRequest request = state.request();
        ObjectMeta.Builder meta = ObjectMeta.newBuilder()
                .setId(request.sandboxId())
                .setName(request.name())
                .setWorkspace(request.workspace())
                .setCreatedAtMs(state.createdAt().toEpochMilli())
                .setResourceVersion(view.version())
                .putAllLabels(request.labels())
                .putAllAnnotations(request.annotations());
        if (state.phase() == Phase.DELETING) {
            meta.setDeletionTimestampMs(state.lifecycle().condition().since().toEpochMilli());
        }
        return meta.build();
    }

    private static SandboxSpec spec(SandboxState.Live state) {
        SandboxRequest.Launch launch = state.request().launch();
        SandboxSpec.Builder spec = SandboxSpec.newBuilder()
                .setLogLevel(launch.logLevel())
                .putAllEnvironment(launch.environment())
                .addAllCommand(launch.command())
                .addAllProviders(state.providers())
                .setTty(launch.tty());
        if (!launch.basis().equals(Basis.USUAL)) {
            spec.setTemplate(TemplateRules.template(launch.basis()));
        }
        state.policies().revision(1).ifPresent(first -> spec.setPolicy(POLICIES.of(first)));
        return spec.build();
    }

    private static SandboxStatus status(SandboxView view) {
        SandboxState.Live state = view.state();
        SandboxState.Lifecycle lifecycle = state.lifecycle();
        SandboxStatus.Builder status = SandboxStatus.newBuilder()
                .setSandboxName(state.request().name())
                .addConditions(condition(lifecycle.condition()))
                .setPhase(phase(lifecycle))
                .setCurrentPolicyVersion(state.policies().activeVersion())
                .setMainProcessInstanceId(lifecycle.instanceId());
        lifecycle.exitCode().ifPresent(status::setExitCode);
        view.stopped().ifPresent(stopped -> status.addConditions(SandboxCondition.newBuilder()
                .setType("UpToDate")
                .setStatus("False")
                .setReason(stopped.newer() ? "NewerRelease" : "Poisoned")
                .setMessage(stopped.rejection().reason())));
        return status.build();
    }

    private static SandboxCondition condition(Condition condition) {
        return SandboxCondition.newBuilder()
                .setType("Ready")
                .setStatus(condition.ready() ? "True" : "False")
                .setReason(condition.reason())
                .setMessage(condition.message())
                .setLastTransitionTime(condition.since().toString())
                .build();
    }

    /** A paused sandbox is none of the things that clients act upon: it is there, cannot be used, and nothing is being done about it. */
    private static SandboxPhase phase(SandboxState.Lifecycle lifecycle) {
        if (lifecycle.paused()) {
            return SandboxPhase.SANDBOX_PHASE_UNKNOWN;
        }
        return switch (lifecycle.phase()) {
            case PROVISIONING -> SandboxPhase.SANDBOX_PHASE_PROVISIONING;
            case READY -> SandboxPhase.SANDBOX_PHASE_READY;
            case ERROR -> SandboxPhase.SANDBOX_PHASE_ERROR;
            case DELETING -> SandboxPhase.SANDBOX_PHASE_DELETING;
            case STOPPING -> SandboxPhase.SANDBOX_PHASE_STOPPING;
            case STOPPED -> SandboxPhase.SANDBOX_PHASE_STOPPED;
            case STARTING -> SandboxPhase.SANDBOX_PHASE_STARTING;
        };
    }

    /** A policy revision without its body. */
    public static SandboxPolicyRevision.Builder revision(PolicyRevision revision) {
        return SandboxPolicyRevision.newBuilder()
                .setVersion(revision.version())
                .setPolicyHash(revision.hash())
                .setStatus(status(revision.status().kind()))
                .setLoadError(revision.status().error())
                .setCreatedAtMs(revision.storedAt().toEpochMilli())
                .setLoadedAtMs(revision.status().loadedAt().map(at -> at.toEpochMilli()).orElse(0L))
                .putAllProvenance(revision.provenance());
    }

    private static PolicyStatus status(PolicyRevision.Status.Kind kind) {
        return switch (kind) {
            case PENDING -> PolicyStatus.POLICY_STATUS_PENDING;
            case LOADED -> PolicyStatus.POLICY_STATUS_LOADED;
            case FAILED -> PolicyStatus.POLICY_STATUS_FAILED;
            case SUPERSEDED -> PolicyStatus.POLICY_STATUS_SUPERSEDED;
        };
    }
}
