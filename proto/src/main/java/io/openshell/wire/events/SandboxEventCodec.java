package io.openshell.wire.events;

import io.openshell.model.sandbox.Attachment;
import io.openshell.model.sandbox.SandboxEvent;
import io.openshell.wire.events.v1.DeleteRequested;
import io.openshell.wire.events.v1.GlobalPolicyLoaded;
import io.openshell.wire.events.v1.LimitReached;
import io.openshell.wire.events.v1.MainProcessExited;
import io.openshell.wire.events.v1.PolicyRevisionFailed;
import io.openshell.wire.events.v1.PolicyRevisionLoaded;
import io.openshell.wire.events.v1.PolicyRevisionStored;
import io.openshell.wire.events.v1.ProviderAttached;
import io.openshell.wire.events.v1.ProviderDetached;
import io.openshell.wire.events.v1.ProviderRulesLoaded;
import io.openshell.wire.events.v1.SandboxAdopted;
import io.openshell.wire.events.v1.SandboxAssigned;
import io.openshell.wire.events.v1.SandboxDeleted;
import io.openshell.wire.events.v1.SandboxInterrupted;
import io.openshell.wire.events.v1.SandboxPaused;
import io.openshell.wire.events.v1.SandboxReady;
import io.openshell.wire.events.v1.SandboxRefused;
import io.openshell.wire.events.v1.SandboxRequested;
import io.openshell.wire.events.v1.SandboxResumed;
import io.openshell.wire.events.v1.SandboxStopped;
import io.openshell.wire.events.v1.SessionClosed;
import io.openshell.wire.events.v1.StartRequested;
import io.openshell.wire.events.v1.StopRequested;
import io.openshell.wire.policy.PolicyCodec;
import java.util.Optional;

/** Events of a sandbox on the wire. */
final class SandboxEventCodec {

    /** Written beside the mark that says so: a reader that does not know the mark must not take it for success. */
    static final int UNKNOWN_STATUS = 255;

    private SandboxEventCodec() {}

    static io.openshell.wire.events.v1.SandboxEvent encode(SandboxEvent event) {
        var out = io.openshell.wire.events.v1.SandboxEvent.newBuilder();
        switch (event) {
            case SandboxEvent.SandboxRequested e -> out.setRequested(
                    SandboxRequested.newBuilder().setRequest(SandboxPartsCodec.encode(e.request())));
            case SandboxEvent.PolicyRevisionStored e -> out.setPolicyStored(PolicyRevisionStored.newBuilder()
                    .setVersion(e.version())
                    .setHash(e.hash())
                    .setPolicy(PolicyCodec.encode(e.policy()))
                    .putAllProvenance(e.provenance()));
            case SandboxEvent.SandboxAssigned e -> out.setAssigned(
                    SandboxAssigned.newBuilder().setNode(e.node()).setEpoch(e.epoch()));
            case SandboxEvent.LayersEnforced e -> out.setEnforced(SandboxPartsCodec.encode(e.enforcement()));
            case SandboxEvent.SandboxReady e -> out.setReady(
                    SandboxReady.newBuilder().setEpoch(e.epoch()).setInstanceId(e.instanceId()));
            case SandboxEvent.SandboxRefused e -> out.setRefused(SandboxRefused.newBuilder()
                    .setEpoch(e.epoch())
                    .addAllLayers(LayerCodec.encode(e.layers()))
                    .setCode(e.code())
                    .setReason(e.reason()));
            case SandboxEvent.SandboxInterrupted e -> out.setInterrupted(
                    SandboxInterrupted.newBuilder().setEpoch(e.epoch()).setReason(e.reason()));
            case SandboxEvent.SandboxAdopted e -> out.setAdopted(SandboxAdopted.newBuilder()
                    .setEpoch(e.epoch())
                    .setInstanceId(e.instanceId())
                    .putAllVerified(e.verified()));
            case SandboxEvent.SandboxPaused e -> out.setPaused(SandboxPaused.newBuilder()
                    .setEpoch(e.epoch())
                    .setInstanceId(e.instanceId())
                    .setDetail(e.detail()));
            case SandboxEvent.SandboxResumed e -> out.setResumed(
                    SandboxResumed.newBuilder().setEpoch(e.epoch()).setInstanceId(e.instanceId()));
            case SandboxEvent.LimitReached e -> out.setLimitReached(LimitReached.newBuilder()
                    .setEpoch(e.epoch())
                    .setInstanceId(e.instanceId())
                    .setLimit(e.limit())
                    .setTimes(e.times())
                    .setDetail(e.detail()));
            case SandboxEvent.MainProcessExited e -> out.setMainExited(MainProcessExited.newBuilder()
                    .setEpoch(e.epoch())
                    .setInstanceId(e.instanceId())
                    .setExitCode(e.exitCode().orElse(UNKNOWN_STATUS))
                    .setStatusUnknown(e.exitCode().isEmpty()));
            case SandboxEvent.StopRequested e -> out.setStopRequested(
                    StopRequested.newBuilder().setEpoch(e.epoch()));
            case SandboxEvent.SandboxStopped e -> out.setStopped(
                    SandboxStopped.newBuilder().setEpoch(e.epoch()));
            case SandboxEvent.StartRequested e -> out.setStartRequested(
                    StartRequested.newBuilder().setNode(e.node()).setEpoch(e.epoch()));
            case SandboxEvent.DeleteRequested e -> out.setDeleteRequested(DeleteRequested.getDefaultInstance());
            case SandboxEvent.SandboxDeleted e -> out.setDeleted(
                    SandboxDeleted.newBuilder().setSandboxId(e.sandboxId()));
            case SandboxEvent.PolicyRevisionLoaded e -> out.setPolicyLoaded(
                    PolicyRevisionLoaded.newBuilder().setVersion(e.version()).setGeneration(e.generation()));
            case SandboxEvent.PolicyRevisionFailed e -> out.setPolicyFailed(
                    PolicyRevisionFailed.newBuilder().setVersion(e.version()).setError(e.error()));
            case SandboxEvent.GlobalPolicyLoaded e -> out.setGlobalPolicyLoaded(
                    GlobalPolicyLoaded.newBuilder().setEpoch(e.epoch()).setVersion(e.version()));
            case SandboxEvent.ProviderRulesLoaded e -> out.setProviderRulesLoaded(
                    ProviderRulesLoaded.newBuilder().setEpoch(e.epoch()).setMark(e.mark()));
            case SandboxEvent.DraftDecided e -> out.setDraftDecided(DraftCodec.encode(e));
            case SandboxEvent.DraftEdited e -> out.setDraftEdited(DraftCodec.encode(e));
            case SandboxEvent.ProposalSubmitted e -> out.setProposalSubmitted(DraftCodec.encode(e));
            case SandboxEvent.SettingChanged e -> out.setSettingChanged(SettingsCodec.change(e.key(), e.value()));
            case SandboxEvent.ProviderAttached e -> out.setProviderAttached(attached(e.attachment()));
            case SandboxEvent.ProviderDetached e -> out.setProviderDetached(
                    ProviderDetached.newBuilder().setProvider(e.provider()));
            case SandboxEvent.SessionOpened e -> out.setSessionOpened(SandboxPartsCodec.event(e.session()));
            case SandboxEvent.SessionClosed e -> out.setSessionClosed(
                    SessionClosed.newBuilder().setSessionId(e.sessionId()).setExitCode(e.exitCode()));
        }
        return out.build();
    }

    static SandboxEvent decode(io.openshell.wire.events.v1.SandboxEvent in) {
        return switch (in.getBodyCase()) {
            case REQUESTED -> new SandboxEvent.SandboxRequested(
                    SandboxPartsCodec.decode(in.getRequested().getRequest()));
            case POLICY_STORED -> stored(in.getPolicyStored());
            case ASSIGNED -> new SandboxEvent.SandboxAssigned(
                    in.getAssigned().getNode(), in.getAssigned().getEpoch());
            case ENFORCED -> new SandboxEvent.LayersEnforced(SandboxPartsCodec.decode(in.getEnforced()));
            case READY -> new SandboxEvent.SandboxReady(
                    in.getReady().getEpoch(), in.getReady().getInstanceId());
            case REFUSED -> refused(in.getRefused());
            case INTERRUPTED -> new SandboxEvent.SandboxInterrupted(
                    in.getInterrupted().getEpoch(), in.getInterrupted().getReason());
            case ADOPTED -> new SandboxEvent.SandboxAdopted(
                    in.getAdopted().getEpoch(), in.getAdopted().getInstanceId(), in.getAdopted().getVerifiedMap());
            case PAUSED -> new SandboxEvent.SandboxPaused(
                    in.getPaused().getEpoch(), in.getPaused().getInstanceId(), in.getPaused().getDetail());
            case RESUMED -> new SandboxEvent.SandboxResumed(in.getResumed().getEpoch(), in.getResumed().getInstanceId());
            case LIMIT_REACHED -> limit(in.getLimitReached());
            case MAIN_EXITED -> exited(in.getMainExited());
            case STOP_REQUESTED -> new SandboxEvent.StopRequested(in.getStopRequested().getEpoch());
            case STOPPED -> new SandboxEvent.SandboxStopped(in.getStopped().getEpoch());
            case START_REQUESTED -> new SandboxEvent.StartRequested(
                    in.getStartRequested().getNode(), in.getStartRequested().getEpoch());
            case DELETE_REQUESTED -> new SandboxEvent.DeleteRequested();
            case DELETED -> new SandboxEvent.SandboxDeleted(in.getDeleted().getSandboxId());
            case POLICY_LOADED -> new SandboxEvent.PolicyRevisionLoaded(
                    in.getPolicyLoaded().getVersion(), in.getPolicyLoaded().getGeneration());
            case POLICY_FAILED -> new SandboxEvent.PolicyRevisionFailed(
                    in.getPolicyFailed().getVersion(), in.getPolicyFailed().getError());
            case GLOBAL_POLICY_LOADED -> new SandboxEvent.GlobalPolicyLoaded(
                    in.getGlobalPolicyLoaded().getEpoch(), in.getGlobalPolicyLoaded().getVersion());
            case PROVIDER_RULES_LOADED -> new SandboxEvent.ProviderRulesLoaded(
                    in.getProviderRulesLoaded().getEpoch(), in.getProviderRulesLoaded().getMark());
            case DRAFT_DECIDED -> DraftCodec.decode(in.getDraftDecided());
            case DRAFT_EDITED -> DraftCodec.decode(in.getDraftEdited());
            case PROPOSAL_SUBMITTED -> DraftCodec.decode(in.getProposalSubmitted());
            case SETTING_CHANGED -> new SandboxEvent.SettingChanged(
                    in.getSettingChanged().getKey(), SettingsCodec.value(in.getSettingChanged()));
            case PROVIDER_ATTACHED -> new SandboxEvent.ProviderAttached(attached(in.getProviderAttached()));
            case PROVIDER_DETACHED -> new SandboxEvent.ProviderDetached(in.getProviderDetached().getProvider());
            case SESSION_OPENED -> new SandboxEvent.SessionOpened(SandboxPartsCodec.session(in.getSessionOpened()));
            case SESSION_CLOSED -> new SandboxEvent.SessionClosed(
                    in.getSessionClosed().getSessionId(), in.getSessionClosed().getExitCode());
            case BODY_NOT_SET -> throw new UndecodableRecord("a sandbox event without a body");
        };
    }

    private static ProviderAttached attached(Attachment attachment) {
        ProviderAttached.Builder out = ProviderAttached.newBuilder().setProvider(attachment.provider());
        attachment.rule().ifPresent(rule -> out.setRule(PolicyCodec.rule(rule)));
        return out.build();
    }

    private static Attachment attached(ProviderAttached in) {
        return new Attachment(in.getProvider(), in.hasRule() ? Optional.of(PolicyCodec.rule(in.getRule())) : Optional.empty());
    }

    private static SandboxEvent stored(PolicyRevisionStored e) {
        return new SandboxEvent.PolicyRevisionStored(
                e.getVersion(), e.getHash(), SharedPolicies.decode(e.getPolicy()), e.getProvenanceMap());
    }

    private static SandboxEvent refused(SandboxRefused e) {
        return new SandboxEvent.SandboxRefused(
                e.getEpoch(), LayerCodec.decode(e.getLayersList()), e.getCode(), e.getReason());
    }

    private static SandboxEvent limit(LimitReached e) {
        return new SandboxEvent.LimitReached(
                e.getEpoch(), e.getInstanceId(), e.getLimit(), e.getTimes(), e.getDetail());
    }

    private static SandboxEvent exited(MainProcessExited e) {
        return new SandboxEvent.MainProcessExited(
                e.getEpoch(), e.getInstanceId(), e.getStatusUnknown() ? Optional.empty() : Optional.of(e.getExitCode()));
    }
}
