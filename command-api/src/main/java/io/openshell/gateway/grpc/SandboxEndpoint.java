package io.openshell.gateway.grpc;

import static io.openshell.gateway.grpc.RequestRules.name;
import static io.openshell.gateway.grpc.RequestRules.workspace;

import io.openshell.gateway.auth.Caller;
import io.openshell.model.StreamId;
import io.openshell.model.policy.PolicyDocument;
import io.openshell.model.sandbox.SandboxCommand;
import io.openshell.model.sandbox.SandboxRequest;
import io.openshell.projection.nodes.NodeViews;
import io.openshell.projection.past.Views;
import io.openshell.projection.sandboxes.SandboxQuery;
import io.openshell.projection.sandboxes.SandboxReads;
import io.openshell.projection.sandboxes.SandboxView;
import io.openshell.wire.policy.PolicyCodec;
import io.openshell.wire.v1.CreateSandboxRequest;
import io.openshell.wire.v1.DeleteSandboxRequest;
import io.openshell.wire.v1.DeleteSandboxResponse;
import io.openshell.wire.v1.GetSandboxRequest;
import io.openshell.wire.v1.ListSandboxesRequest;
import io.openshell.wire.v1.ListSandboxesResponse;
import io.openshell.wire.v1.OpenShellGrpcService;
import io.openshell.wire.v1.SandboxResponse;
import io.openshell.wire.v1.SandboxSpec;
import io.openshell.wire.v1.StartSandboxRequest;
import io.openshell.wire.v1.StopSandboxRequest;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/** Creating, reading, stopping, starting and deleting sandboxes. */
public final class SandboxEndpoint implements RpcGroup {

    private static final int USUAL_ROWS = 100;

    private final Commands commands;
    private final ViewSource views;
    private final NodeViews nodes;
    private final NameGenerator names;
    private final Defaults defaults;

    /**
     * What a sandbox gets when its request says nothing.
     *
     * @param image empty for the node's own files
     */
    public record Defaults(PolicyDocument policy, String image) {}

    /** Sandboxes created without a policy or an image get the default ones. */
    public SandboxEndpoint(
            Commands commands,
            ViewSource views,
            NodeViews nodes,
            NameGenerator names,
            Defaults defaults) {
        this.commands = commands;
        this.views = views;
        this.nodes = nodes;
        this.names = names;
        this.defaults = defaults;
    }

    @Override
    public void addTo(RpcTable table) {
        table.unary(OpenShellGrpcService.CreateSandbox, this::create);
        table.read(OpenShellGrpcService.GetSandbox, views, SandboxEndpoint::get);
        table.read(OpenShellGrpcService.ListSandboxes, views, SandboxEndpoint::list);
        table.unary(OpenShellGrpcService.DeleteSandbox, this::delete);
        table.unary(OpenShellGrpcService.StopSandbox, this::stop);
        table.unary(OpenShellGrpcService.StartSandbox, this::start);
    }

    private CompletionStage<SandboxResponse> create(CreateSandboxRequest request, Caller caller) {
        RequestRules.create(request);
        String workspace = workspace(request.getWorkspace());
        Optional<StreamId> earlier = commands.earlier(caller);
        String name = request.getName().isEmpty()
                ? earlier.map(SandboxEndpoint::sandboxName).orElseGet(
                        () -> names.next(candidate -> views.now().sandboxes().find(workspace, candidate).isPresent()))
                : name("sandbox", request.getName());
        SandboxSpec spec = request.getSpec();
        Map<String, String> environment = new HashMap<>(spec.getTemplate().getEnvironmentMap());
        environment.putAll(spec.getEnvironmentMap());
        SandboxRequest wanted = new SandboxRequest(
                UUID.randomUUID().toString(), name, workspace, request.getLabelsMap(), request.getAnnotationsMap(),
                new SandboxRequest.Launch(spec.getCommandList(), spec.getTty(), environment, spec.getLogLevel(),
                        TemplateRules.basis(spec.getTemplate(), defaults.image())));
        PolicyDocument policy = spec.hasPolicy() ? PolicyCodec.decode(spec.getPolicy()) : defaults.policy();
        Optional<String> node = nodes.place();
        if (node.isEmpty() && earlier.isEmpty()) {
            // The sentence of the view tells what to do; the decider only knows that there is none.
            return CompletableFuture.failedStage(Refusal.precondition(nodes.whyNoPlace()));
        }
        return commands.submit(caller, StreamId.sandbox(workspace, name), new SandboxCommand.Create(
                        wanted, policy, node, List.copyOf(new LinkedHashSet<>(spec.getProvidersList()))))
                .thenApply(applied -> response(workspace, name));
    }

    private static String sandboxName(StreamId stream) {
        return stream.path().substring(stream.path().indexOf('/') + 1);
    }

    private static SandboxResponse get(GetSandboxRequest request, Views views) {
        String name = name("sandbox", request.getName());
        return response(views.sandboxes(), workspace(request.getWorkspace()), name);
    }

    private static ListSandboxesResponse list(ListSandboxesRequest request, Views views) {
        if (request.getAllWorkspaces() && !request.getWorkspace().isEmpty()) {
            throw Refusal.invalid("all_workspaces and workspace exclude each other");
        }
        Optional<String> workspace = request.getAllWorkspaces()
                ? Optional.empty()
                : Optional.of(workspace(request.getWorkspace()));
        ListSandboxesResponse.Builder response = ListSandboxesResponse.newBuilder();
        views.sandboxes().list(new SandboxQuery(
                        workspace,
                        RequestRules.selector(request.getLabelSelector()),
                        RequestRules.offset(request.getOffset()),
                        RequestRules.limit(request.getLimit(), USUAL_ROWS)))
                .forEach(view -> response.addSandboxes(SandboxMessages.sandbox(view)));
        return response.build();
    }

    private CompletionStage<DeleteSandboxResponse> delete(DeleteSandboxRequest request, Caller caller) {
        StreamId stream = StreamId.sandbox(workspace(request.getWorkspace()), name("sandbox", request.getName()));
        return commands.submit(caller, stream, new SandboxCommand.Delete())
                .thenApply(applied -> DeleteSandboxResponse.newBuilder().setDeleted(true).build());
    }

    private CompletionStage<SandboxResponse> stop(StopSandboxRequest request, Caller caller) {
        String workspace = workspace(request.getWorkspace());
        String name = name("sandbox", request.getName());
        return commands.submit(caller, StreamId.sandbox(workspace, name), new SandboxCommand.Stop())
                .thenApply(applied -> response(workspace, name));
    }

    private CompletionStage<SandboxResponse> start(StartSandboxRequest request, Caller caller) {
        String workspace = workspace(request.getWorkspace());
        String name = name("sandbox", request.getName());
        return commands.submit(caller, StreamId.sandbox(workspace, name), new SandboxCommand.Start(nodes.place()))
                .thenApply(applied -> response(workspace, name));
    }

    private SandboxResponse response(String workspace, String name) {
        return response(views.now().sandboxes(), workspace, name);
    }

    private static SandboxResponse response(SandboxReads sandboxes, String workspace, String name) {
        SandboxView view = sandboxes.find(workspace, name)
                .orElseThrow(() -> Refusal.unknown(StreamId.sandbox(workspace, name)));
        return SandboxResponse.newBuilder().setSandbox(SandboxMessages.sandbox(view)).build();
    }
}
