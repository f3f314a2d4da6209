package io.openshell.gateway.grpc;

import static io.openshell.gateway.grpc.RequestRules.name;
import static io.openshell.gateway.grpc.RequestRules.workspace;

import io.openshell.gateway.auth.Caller;
import io.openshell.model.StreamId;
import io.openshell.model.Surroundings;
import io.openshell.model.global.GlobalPolicy;
import io.openshell.model.global.GlobalRevision;
import io.openshell.model.policy.PolicyDocument;
import io.openshell.model.policy.PolicyHash;
import io.openshell.model.sandbox.PolicyRevision;
import io.openshell.model.sandbox.SandboxCommand;
import io.openshell.projection.past.Views;
import io.openshell.projection.sandboxes.SandboxReads;
import io.openshell.projection.sandboxes.SandboxView;
import io.openshell.wire.policy.PolicyCodec;
import io.openshell.wire.sandbox.v1.GetSandboxConfigRequest;
import io.openshell.wire.sandbox.v1.GetSandboxConfigResponse;
import io.openshell.wire.sandbox.v1.PolicySource;
import io.openshell.wire.v1.GetSandboxPolicyStatusRequest;
import io.openshell.wire.v1.GetSandboxPolicyStatusResponse;
import io.openshell.wire.v1.ListSandboxPoliciesRequest;
import io.openshell.wire.v1.ListSandboxPoliciesResponse;
import io.openshell.wire.v1.OpenShellGrpcService;
import io.openshell.wire.v1.UpdateConfigRequest;
import io.openshell.wire.v1.UpdateConfigResponse;
import io.vertx.grpc.common.GrpcStatus;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletionStage;

/** Reading, replacing and merging into a sandbox's policy, and the global policy; and settings. */
public final class PolicyEndpoint implements RpcGroup {

    private static final int USUAL_ROWS = 50;
    private static final int GLOBAL_BIT = 32;
    private static final int SETTINGS_BIT = 33;

    private final Commands commands;
    private final ViewSource views;
    private final PolicyMerging merging;
    private final GlobalPolicyCalls global;
    private final SettingsCalls settings;

    /** Reads from the views and changes through the commands. */
    public PolicyEndpoint(Commands commands, ViewSource views) {
        this.commands = commands;
        this.views = views;
        this.merging = new PolicyMerging(commands);
        this.global = new GlobalPolicyCalls(commands, views);
        this.settings = new SettingsCalls(commands, views);
    }

    @Override
    public void addTo(RpcTable table) {
        table.read(OpenShellGrpcService.GetSandboxConfig, views, PolicyEndpoint::config);
        table.read(OpenShellGrpcService.GetGatewayConfig, views, SettingsCalls::gateway);
        table.unary(OpenShellGrpcService.UpdateConfig, this::update);
        table.read(OpenShellGrpcService.GetSandboxPolicyStatus, views, PolicyEndpoint::status);
        table.read(OpenShellGrpcService.ListSandboxPolicies, views, PolicyEndpoint::list);
    }

    private static GetSandboxConfigResponse config(GetSandboxConfigRequest request, Views views) {
        if (request.getSandboxId().isEmpty()) {
            throw Refusal.invalid("sandbox_id is required");
        }
        SandboxView view = views.sandboxes().byId(request.getSandboxId())
                .orElseThrow(() -> Refusal.notFound("sandbox not found"));
        GetSandboxConfigResponse.Builder response = GetSandboxConfigResponse.newBuilder()
                .setWorkspace(view.workspace())
                .putAllSettings(SettingsCalls.effective(view, views))
                .setPolicySource(PolicySource.POLICY_SOURCE_SANDBOX);
        Surroundings around = views.around();
        long changes = view.state().settings().revision() + around.settings().revision()
                + view.state().policies().provided().serial();
        Optional<GlobalRevision> global = around.globalPolicy().inForce();
        view.state().policies().newest().ifPresent(newest -> {
            PolicyDocument deciding = around.deciding(newest.policy(), view.state());
            response.setPolicy(PolicyCodec.encode(deciding))
                    .setVersion(newest.version())
                    .setPolicyHash(deciding.equals(newest.policy()) ? newest.hash() : PolicyHash.of(deciding))
                    .setConfigRevision((changes << SETTINGS_BIT) + newest.version());
        });
        global.ifPresent(each -> response
                .setPolicySource(PolicySource.POLICY_SOURCE_GLOBAL)
                .setGlobalPolicyVersion(each.version())
                .setVersion(each.version())
                .setPolicyHash(each.hash())
                // Apart from those of every sandbox's own revisions, so that a change of the source is one of the number too.
                .setConfigRevision((changes << SETTINGS_BIT) + (1L << GLOBAL_BIT) + each.version()));
        return response.build();
    }

    private CompletionStage<UpdateConfigResponse> update(UpdateConfigRequest request, Caller caller) {
        requireOneChange(request);
        if (request.getGlobal()) {
            return isSetting(request) ? settings.updateGateway(request, caller) : global.update(request, caller);
        }
        RequestRules.annotations(request.getAnnotationsMap());
        String workspace = workspace(request.getWorkspace());
        String name = name("sandbox", request.getName());
        SandboxView view = find(views.now().sandboxes(), workspace, name);
        long expected = request.getExpectedResourceVersion();
        boolean repeated = commands.earlier(caller).isPresent();
        if (!repeated && expected != 0 && expected != view.version()) {
            throw new Refusal(GrpcStatus.ABORTED,
                    "sandbox '" + name + "' is at resource version " + view.version() + ", not " + expected);
        }
        if (isSetting(request)) {
            return settings.update(request, caller, view);
        }
        if (!repeated && !request.hasPolicy() && views.now().global().globalPolicy().present()) {
            // Merging would tell about the sandbox's own policy first, although no merge can be stored now.
            throw Statuses.of(GlobalPolicy.refusal());
        }
        return request.hasPolicy()
                ? replace(request, caller, view)
                : merging.merge(caller, new PolicyMerging.Change(StreamId.sandbox(workspace, name),
                                PolicyMerging.operations(request.getMergeOperationsList()), request.getAnnotationsMap()),
                                () -> find(views.now().sandboxes(), workspace, name))
                        .thenApply(nothing -> updated(find(views.now().sandboxes(), workspace, name)));
    }

    private CompletionStage<UpdateConfigResponse> replace(UpdateConfigRequest request, Caller caller, SandboxView view) {
        RequestRules.policySize(request.getPolicy().getSerializedSize());
        String workspace = view.workspace();
        String name = view.name();
        // The command carries the policy version seen together with the expected resource version, so that a change
        // that slips in between is still noticed.
        SandboxCommand.SetPolicy command = new SandboxCommand.SetPolicy(
                PolicyCodec.decode(request.getPolicy()), request.getAnnotationsMap(),
                request.getExpectedResourceVersion() == 0 ? 0 : newestVersion(view));
        return commands.submit(caller, StreamId.sandbox(workspace, name), command)
                .thenApply(applied -> updated(find(views.now().sandboxes(), workspace, name)));
    }

    private static void requireOneChange(UpdateConfigRequest request) {
        int actions = (request.hasPolicy() ? 1 : 0)
                + (request.getSettingKey().isEmpty() ? 0 : 1)
                + (request.getMergeOperationsCount() == 0 ? 0 : 1);
        if (actions != 1) {
            throw Refusal.invalid("exactly one of policy, setting_key and merge_operations is required");
        }
    }

    /** The key of the global policy stands in the same field and is no setting. */
    private static boolean isSetting(UpdateConfigRequest request) {
        return !request.getSettingKey().isEmpty()
                && !(request.getGlobal() && request.getSettingKey().equals(GlobalPolicyCalls.POLICY_KEY));
    }

    private static UpdateConfigResponse updated(SandboxView view) {
        UpdateConfigResponse.Builder response = UpdateConfigResponse.newBuilder();
        view.state().policies().newest().ifPresent(newest -> response
                .setVersion(newest.version())
                .setPolicyHash(newest.hash())
                .putAllAnnotations(newest.provenance()));
        return response.build();
    }

    private static GetSandboxPolicyStatusResponse status(GetSandboxPolicyStatusRequest request, Views views) {
        if (request.getGlobal()) {
            return GlobalPolicyCalls.status(request.getVersion(), views);
        }
        SandboxView view = find(views.sandboxes(), workspace(request.getWorkspace()), name("sandbox", request.getName()));
        int version = request.getVersion() == 0 ? newestVersion(view) : request.getVersion();
        PolicyRevision revision = view.state().policies().revision(version)
                .orElseThrow(() -> Refusal.notFound("sandbox '" + view.name() + "' has no policy version "
                        + Integer.toUnsignedString(version)));
        return GetSandboxPolicyStatusResponse.newBuilder()
                .setRevision(SandboxMessages.revision(revision).setPolicy(PolicyCodec.encode(revision.policy())))
                .setActiveVersion(view.state().policies().activeVersion())
                .build();
    }

    private static ListSandboxPoliciesResponse list(ListSandboxPoliciesRequest request, Views views) {
        if (request.getGlobal()) {
            return GlobalPolicyCalls.list(request, USUAL_ROWS, views);
        }
        SandboxView view = find(views.sandboxes(), workspace(request.getWorkspace()), name("sandbox", request.getName()));
        List<PolicyRevision> newestFirst = view.state().policies().revisions().reversed();
        ListSandboxPoliciesResponse.Builder response = ListSandboxPoliciesResponse.newBuilder();
        newestFirst.stream()
                .skip(RequestRules.offset(request.getOffset()))
                .limit(RequestRules.limit(request.getLimit(), USUAL_ROWS))
                .forEach(revision -> response.addRevisions(SandboxMessages.revision(revision)));
        return response.build();
    }

    private static int newestVersion(SandboxView view) {
        return view.state().policies().newest().map(PolicyRevision::version).orElse(0);
    }

    private static SandboxView find(SandboxReads sandboxes, String workspace, String name) {
        return sandboxes.find(workspace, name)
                .orElseThrow(() -> Refusal.unknown(StreamId.sandbox(workspace, name)));
    }
}
