package io.openshell.gateway.grpc;

import io.openshell.gateway.auth.Caller;
import io.openshell.model.StreamId;
import io.openshell.model.global.GlobalCommand;
import io.openshell.model.global.GlobalPolicy;
import io.openshell.model.global.GlobalRevision;
import io.openshell.projection.past.Views;
import io.openshell.wire.policy.PolicyCodec;
import io.openshell.wire.v1.GetSandboxPolicyStatusResponse;
import io.openshell.wire.v1.ListSandboxPoliciesRequest;
import io.openshell.wire.v1.ListSandboxPoliciesResponse;
import io.openshell.wire.v1.PolicyStatus;
import io.openshell.wire.v1.SandboxPolicyRevision;
import io.openshell.wire.v1.UpdateConfigRequest;
import io.openshell.wire.v1.UpdateConfigResponse;
import java.util.concurrent.CompletionStage;

/** The part of the policy calls that is about the global policy. */
final class GlobalPolicyCalls {

    /** The key under which a global policy is deleted. */
    static final String POLICY_KEY = "policy";

    private final Commands commands;
    private final ViewSource views;

    GlobalPolicyCalls(Commands commands, ViewSource views) {
        this.commands = commands;
        this.views = views;
    }

    CompletionStage<UpdateConfigResponse> update(UpdateConfigRequest request, Caller caller) {
        if (request.getMergeOperationsCount() > 0) {
            throw Refusal.invalid("a global policy is replaced as a whole; merge operations are for one sandbox");
        }
        if (request.getAnnotationsCount() > 0) {
            throw Refusal.invalid("a global policy takes no annotations");
        }
        return request.hasPolicy() ? set(request, caller) : delete(request, caller);
    }

    private CompletionStage<UpdateConfigResponse> set(UpdateConfigRequest request, Caller caller) {
        RequestRules.policySize(request.getPolicy().getSerializedSize());
        long expected = request.getExpectedResourceVersion();
        if (expected < 0 || expected > Integer.MAX_VALUE) {
            throw Refusal.invalid("a global policy has no such version");
        }
        return commands.submit(caller, StreamId.globalPolicy(),
                        new GlobalCommand.SetGlobal(PolicyCodec.decode(request.getPolicy()), (int) expected))
                .thenApply(applied -> answer().build());
    }

    private CompletionStage<UpdateConfigResponse> delete(UpdateConfigRequest request, Caller caller) {
        if (!request.getDeleteSetting()) {
            throw Refusal.invalid("a global policy is set in the field policy");
        }
        boolean present = views.now().global().globalPolicy().present();
        return commands.submit(caller, StreamId.globalPolicy(), new GlobalCommand.DeleteGlobal())
                .thenApply(applied -> answer().setDeleted(present).build());
    }

    private UpdateConfigResponse.Builder answer() {
        UpdateConfigResponse.Builder response = UpdateConfigResponse.newBuilder();
        views.now().global().globalPolicy().newest()
                .ifPresent(newest -> response.setVersion(newest.version()).setPolicyHash(newest.hash()));
        return response;
    }

    static GetSandboxPolicyStatusResponse status(int version, Views views) {
        GlobalPolicy global = views.global().globalPolicy();
        GlobalRevision revision = global.revision(version == 0 ? global.revisions().size() : version)
                .orElseThrow(() -> Refusal.notFound(version == 0
                        ? "there is no global policy"
                        : "there is no global policy version " + Integer.toUnsignedString(version)));
        return GetSandboxPolicyStatusResponse.newBuilder()
                .setRevision(message(revision, global).setPolicy(PolicyCodec.encode(revision.policy())))
                .setActiveVersion(global.version())
                .build();
    }

    static ListSandboxPoliciesResponse list(ListSandboxPoliciesRequest request, int usualRows, Views views) {
        GlobalPolicy global = views.global().globalPolicy();
        ListSandboxPoliciesResponse.Builder response = ListSandboxPoliciesResponse.newBuilder();
        global.revisions().reversed().stream()
                .skip(RequestRules.offset(request.getOffset()))
                .limit(RequestRules.limit(request.getLimit(), usualRows))
                .forEach(revision -> response.addRevisions(message(revision, global)));
        return response.build();
    }

    /** In force from the moment it is stored, so there is nothing between loaded and superseded. */
    private static SandboxPolicyRevision.Builder message(GlobalRevision revision, GlobalPolicy global) {
        long at = revision.storedAt().toEpochMilli();
        return SandboxPolicyRevision.newBuilder()
                .setVersion(revision.version())
                .setPolicyHash(revision.hash())
                .setStatus(revision.version() == global.version()
                        ? PolicyStatus.POLICY_STATUS_LOADED : PolicyStatus.POLICY_STATUS_SUPERSEDED)
                .setCreatedAtMs(at)
                .setLoadedAtMs(at);
    }
}
