package io.openshell.wire.events;

import io.openshell.model.sandbox.Enforcement;
import io.openshell.model.sandbox.SandboxCommand;
import io.openshell.wire.events.v1.AttachProvider;
import io.openshell.wire.events.v1.CreateSandbox;
import io.openshell.wire.events.v1.DeleteSandbox;
import io.openshell.wire.events.v1.DetachProvider;
import io.openshell.wire.events.v1.ReportAdopted;
import io.openshell.wire.events.v1.ReportEnforced;
import io.openshell.wire.events.v1.ReportGlobalPolicy;
import io.openshell.wire.events.v1.ReportInterrupted;
import io.openshell.wire.events.v1.ReportLimitReached;
import io.openshell.wire.events.v1.ReportMainExited;
import io.openshell.wire.events.v1.ReportPause;
import io.openshell.wire.events.v1.ReportPolicyFailed;
import io.openshell.wire.events.v1.ReportPolicyLoaded;
import io.openshell.wire.events.v1.ReportProviderRules;
import io.openshell.wire.events.v1.ReportRefused;
import io.openshell.wire.events.v1.ReportRemoved;
import io.openshell.wire.events.v1.ReportSessionClosed;
import io.openshell.wire.events.v1.ReportStopped;
import io.openshell.wire.events.v1.StartSandbox;
import io.openshell.wire.events.v1.StopSandbox;
import io.openshell.wire.policy.PolicyCodec;
import java.util.Optional;

/** Commands of a sandbox on the wire. */
final class SandboxCommandCodec {

    private SandboxCommandCodec() {}

    static io.openshell.wire.events.v1.SandboxCommand encode(SandboxCommand command) {
        var out = io.openshell.wire.events.v1.SandboxCommand.newBuilder();
        switch (command) {
            case SandboxCommand.Create c -> out.setCreate(CreateSandbox.newBuilder()
                    .setRequest(SandboxPartsCodec.encode(c.request()))
                    .setPolicy(PolicyCodec.encode(c.policy()))
                    .setNode(c.node().orElse(""))
                    .addAllProviders(c.providers()));
            case SandboxCommand.Stop c -> out.setStop(StopSandbox.getDefaultInstance());
            case SandboxCommand.Start c -> out.setStart(StartSandbox.newBuilder().setNode(c.node().orElse("")));
            case SandboxCommand.Delete c -> out.setDelete(DeleteSandbox.getDefaultInstance());
            case SandboxCommand.SetPolicy c -> out.setSetPolicy(DraftCodec.encode(c));
            case SandboxCommand.DecideDraft c -> out.setDecideDraft(DraftCodec.encode(c));
            case SandboxCommand.EditDraft c -> out.setEditDraft(DraftCodec.encode(c));
            case SandboxCommand.SubmitProposal c -> out.setSubmitProposal(DraftCodec.encode(c));
            case SandboxCommand.ChangeSetting c -> out.setChangeSetting(SettingsCodec.change(c.key(), c.value()));
            case SandboxCommand.AttachProvider c -> out.setAttachProvider(AttachProvider.newBuilder().setProvider(c.provider()));
            case SandboxCommand.DetachProvider c -> out.setDetachProvider(DetachProvider.newBuilder().setProvider(c.provider()));
            case SandboxCommand.OpenSession c -> out.setOpenSession(SandboxPartsCodec.command(c.session()));
            case SandboxCommand.ReportEnforced c -> out.setReportEnforced(enforced(c));
            case SandboxCommand.ReportRefused c -> out.setReportRefused(ReportRefused.newBuilder()
                    .setEpoch(c.epoch())
                    .addAllLayers(LayerCodec.encode(c.layers()))
                    .setCode(c.code())
                    .setReason(c.reason()));
            case SandboxCommand.ReportInterrupted c -> out.setReportInterrupted(
                    ReportInterrupted.newBuilder().setEpoch(c.epoch()).setReason(c.reason()));
            case SandboxCommand.ReportAdopted c -> out.setReportAdopted(ReportAdopted.newBuilder()
                    .setEpoch(c.epoch())
                    .setInstanceId(c.instanceId())
                    .putAllVerified(c.verified()));
            case SandboxCommand.ReportLimitReached c -> out.setReportLimitReached(ReportLimitReached.newBuilder()
                    .setEpoch(c.epoch())
                    .setInstanceId(c.instanceId())
                    .setLimit(c.limit())
                    .setTimes(c.times())
                    .setDetail(c.detail()));
            case SandboxCommand.ReportPause c -> out.setReportPause(ReportPause.newBuilder()
                    .setEpoch(c.epoch())
                    .setInstanceId(c.instanceId())
                    .setHeld(c.held().orElse("")));
            case SandboxCommand.ReportMainExited c -> out.setReportMainExited(ReportMainExited.newBuilder()
                    .setEpoch(c.epoch())
                    .setInstanceId(c.instanceId())
                    .setExitCode(c.exitCode().orElse(SandboxEventCodec.UNKNOWN_STATUS))
                    .setStatusUnknown(c.exitCode().isEmpty()));
            case SandboxCommand.ReportStopped c -> out.setReportStopped(
                    ReportStopped.newBuilder().setEpoch(c.epoch()));
            case SandboxCommand.ReportRemoved c -> out.setReportRemoved(
                    ReportRemoved.newBuilder().setSandboxId(c.sandboxId()));
            case SandboxCommand.ReportPolicyLoaded c -> out.setReportPolicyLoaded(
                    ReportPolicyLoaded.newBuilder().setVersion(c.version()).setGeneration(c.generation()));
            case SandboxCommand.ReportPolicyFailed c -> out.setReportPolicyFailed(
                    ReportPolicyFailed.newBuilder().setVersion(c.version()).setError(c.error()));
            case SandboxCommand.ReportGlobalPolicy c -> out.setReportGlobalPolicy(
                    ReportGlobalPolicy.newBuilder().setEpoch(c.epoch()).setVersion(c.version()));
            case SandboxCommand.ReportProviderRules c -> out.setReportProviderRules(
                    ReportProviderRules.newBuilder().setEpoch(c.epoch()).setMark(c.mark()));
            case SandboxCommand.ReportSessionClosed c -> out.setReportSessionClosed(ReportSessionClosed.newBuilder()
                    .setSessionId(c.sessionId())
                    .setExitCode(c.exitCode()));
        }
        return out.build();
    }

    private static ReportEnforced enforced(SandboxCommand.ReportEnforced c) {
        Enforcement e = c.enforcement();
        return ReportEnforced.newBuilder()
                .setEpoch(e.epoch())
                .setInstanceId(e.instanceId())
                .addAllLayers(LayerCodec.encode(e.layers()))
                .putAllEvidence(e.evidence())
                .setGeneration(e.generation())
                .setPolicyVersion(c.policyVersion())
                .build();
    }

    static SandboxCommand decode(io.openshell.wire.events.v1.SandboxCommand in) {
        return switch (in.getBodyCase()) {
            case CREATE -> new SandboxCommand.Create(
                    SandboxPartsCodec.decode(in.getCreate().getRequest()),
                    PolicyCodec.decode(in.getCreate().getPolicy()),
                    present(in.getCreate().getNode()),
                    in.getCreate().getProvidersList());
            case STOP -> new SandboxCommand.Stop();
            case START -> new SandboxCommand.Start(present(in.getStart().getNode()));
            case DELETE -> new SandboxCommand.Delete();
            case SET_POLICY -> DraftCodec.decode(in.getSetPolicy());
            case DECIDE_DRAFT -> DraftCodec.decode(in.getDecideDraft());
            case EDIT_DRAFT -> DraftCodec.decode(in.getEditDraft());
            case SUBMIT_PROPOSAL -> DraftCodec.decode(in.getSubmitProposal());
            case CHANGE_SETTING -> new SandboxCommand.ChangeSetting(
                    in.getChangeSetting().getKey(), SettingsCodec.value(in.getChangeSetting()));
            case ATTACH_PROVIDER -> new SandboxCommand.AttachProvider(in.getAttachProvider().getProvider());
            case DETACH_PROVIDER -> new SandboxCommand.DetachProvider(in.getDetachProvider().getProvider());
            case OPEN_SESSION -> new SandboxCommand.OpenSession(SandboxPartsCodec.session(in.getOpenSession()));
            case REPORT_ENFORCED -> enforced(in.getReportEnforced());
            case REPORT_REFUSED -> refused(in.getReportRefused());
            case REPORT_INTERRUPTED -> new SandboxCommand.ReportInterrupted(
                    in.getReportInterrupted().getEpoch(), in.getReportInterrupted().getReason());
            case REPORT_ADOPTED -> adopted(in.getReportAdopted());
            case REPORT_PAUSE -> new SandboxCommand.ReportPause(in.getReportPause().getEpoch(), in.getReportPause().getInstanceId(),
                    present(in.getReportPause().getHeld()));
            case REPORT_LIMIT_REACHED -> limit(in.getReportLimitReached());
            case REPORT_MAIN_EXITED -> exited(in.getReportMainExited());
            case REPORT_STOPPED -> new SandboxCommand.ReportStopped(in.getReportStopped().getEpoch());
            case REPORT_REMOVED -> new SandboxCommand.ReportRemoved(in.getReportRemoved().getSandboxId());
            case REPORT_POLICY_LOADED -> new SandboxCommand.ReportPolicyLoaded(
                    in.getReportPolicyLoaded().getVersion(), in.getReportPolicyLoaded().getGeneration());
            case REPORT_POLICY_FAILED -> new SandboxCommand.ReportPolicyFailed(
                    in.getReportPolicyFailed().getVersion(), in.getReportPolicyFailed().getError());
            case REPORT_GLOBAL_POLICY -> new SandboxCommand.ReportGlobalPolicy(
                    in.getReportGlobalPolicy().getEpoch(), in.getReportGlobalPolicy().getVersion());
            case REPORT_PROVIDER_RULES -> new SandboxCommand.ReportProviderRules(
                    in.getReportProviderRules().getEpoch(), in.getReportProviderRules().getMark());
            case REPORT_SESSION_CLOSED -> new SandboxCommand.ReportSessionClosed(
                    in.getReportSessionClosed().getSessionId(), in.getReportSessionClosed().getExitCode());
            case BODY_NOT_SET -> throw new UndecodableRecord("sandbox command of a newer release");
        };
    }

    private static SandboxCommand.ReportEnforced enforced(ReportEnforced r) {
        var enforcement = new Enforcement(
                r.getEpoch(),
                r.getInstanceId(),
                LayerCodec.decode(r.getLayersList()),
                r.getEvidenceMap(),
                r.getGeneration());
        return new SandboxCommand.ReportEnforced(enforcement, r.getPolicyVersion());
    }

    private static SandboxCommand.ReportRefused refused(ReportRefused r) {
        return new SandboxCommand.ReportRefused(
                r.getEpoch(), LayerCodec.decode(r.getLayersList()), r.getCode(), r.getReason());
    }

    private static SandboxCommand.ReportAdopted adopted(ReportAdopted r) {
        return new SandboxCommand.ReportAdopted(r.getEpoch(), r.getInstanceId(), r.getVerifiedMap());
    }

    private static SandboxCommand.ReportMainExited exited(ReportMainExited r) {
        return new SandboxCommand.ReportMainExited(
                r.getEpoch(), r.getInstanceId(), r.getStatusUnknown() ? Optional.empty() : Optional.of(r.getExitCode()));
    }

    private static Optional<String> present(String text) {
        return text.isEmpty() ? Optional.empty() : Optional.of(text);
    }

    private static SandboxCommand limit(ReportLimitReached c) {
        return new SandboxCommand.ReportLimitReached(
                c.getEpoch(), c.getInstanceId(), c.getLimit(), c.getTimes(), c.getDetail());
    }
}
