package io.openshell.gateway.provider;

import static io.openshell.gateway.grpc.RequestRules.name;
import static io.openshell.gateway.grpc.RequestRules.workspace;

import io.openshell.gateway.auth.Caller;
import io.openshell.gateway.grpc.Commands;
import io.openshell.gateway.grpc.Refusal;
import io.openshell.gateway.grpc.RpcGroup;
import io.openshell.gateway.grpc.RpcTable;
import io.openshell.gateway.grpc.SandboxMessages;
import io.openshell.gateway.grpc.ViewSource;
import io.openshell.model.StreamId;
import io.openshell.model.sandbox.SandboxCommand;
import io.openshell.projection.past.Views;
import io.openshell.projection.sandboxes.SandboxView;
import io.openshell.wire.v1.AttachSandboxProviderRequest;
import io.openshell.wire.v1.AttachSandboxProviderResponse;
import io.openshell.wire.v1.DetachSandboxProviderRequest;
import io.openshell.wire.v1.DetachSandboxProviderResponse;
import io.openshell.wire.v1.ListSandboxProvidersRequest;
import io.openshell.wire.v1.ListSandboxProvidersResponse;
import io.openshell.wire.v1.OpenShellGrpcService;
import io.openshell.wire.v1.Sandbox;
import io.vertx.grpc.common.GrpcStatus;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/** Which providers a sandbox may use. What is so already changes nothing, not even the sandbox's version. */
public final class SandboxProvidersEndpoint implements RpcGroup {

    private final Commands commands;
    private final ViewSource views;

    /** Reads from the views and changes through the commands. */
    public SandboxProvidersEndpoint(Commands commands, ViewSource views) {
        this.commands = commands;
        this.views = views;
    }

    @Override
    public void addTo(RpcTable table) {
        table.read(OpenShellGrpcService.ListSandboxProviders, views, SandboxProvidersEndpoint::list);
        table.unary(OpenShellGrpcService.AttachSandboxProvider, this::attach);
        table.unary(OpenShellGrpcService.DetachSandboxProvider, this::detach);
        table.unary(OpenShellGrpcService.GetSandboxProviderEnvironment, (request, caller) -> {
            throw Refusal.denied("the secrets of a sandbox are for its proxy, whose node has them");
        });
    }

    private static ListSandboxProvidersResponse list(ListSandboxProvidersRequest request, Views views) {
        String workspace = workspace(request.getWorkspace());
        SandboxView sandbox = find(views, workspace, name("sandbox", request.getSandboxName()));
        ListSandboxProvidersResponse.Builder response = ListSandboxProvidersResponse.newBuilder();
        sandbox.state().providers().stream().flatMap(each -> views.providers().find(workspace, each).stream())
                .forEach(view -> response.addProviders(ProviderMessages.provider(view)));
        return response.build();
    }

    private CompletionStage<AttachSandboxProviderResponse> attach(AttachSandboxProviderRequest request, Caller caller) {
        String provider = ProviderRequestRules.name(request.getProviderName());
        SandboxView sandbox = wanted(request.getWorkspace(), request.getSandboxName(), request.getExpectedResourceVersion(), caller);
        boolean changes = !sandbox.state().providers().contains(provider) || commands.earlier(caller).isPresent();
        return changed(changes, sandbox, caller, new SandboxCommand.AttachProvider(provider))
                .thenApply(now -> AttachSandboxProviderResponse.newBuilder().setSandbox(now).setAttached(changes).build());
    }

    private CompletionStage<DetachSandboxProviderResponse> detach(DetachSandboxProviderRequest request, Caller caller) {
        String provider = ProviderRequestRules.name(request.getProviderName());
        SandboxView sandbox = wanted(request.getWorkspace(), request.getSandboxName(), request.getExpectedResourceVersion(), caller);
        boolean changes = sandbox.state().providers().contains(provider) || commands.earlier(caller).isPresent();
        return changed(changes, sandbox, caller, new SandboxCommand.DetachProvider(provider))
                .thenApply(now -> DetachSandboxProviderResponse.newBuilder().setSandbox(now).setDetached(changes).build());
    }

    private CompletionStage<Sandbox> changed(boolean changes, SandboxView sandbox, Caller caller, SandboxCommand command) {
        CompletionStage<?> done = changes
                ? commands.submit(caller, StreamId.sandbox(sandbox.workspace(), sandbox.name()), command)
                : CompletableFuture.completedStage(null);
        return done.thenApply(applied -> SandboxMessages.sandbox(find(views.now(), sandbox.workspace(), sandbox.name())));
    }

    private SandboxView wanted(String workspace, String sandbox, long expected, Caller caller) {
        SandboxView found = find(views.now(), workspace(workspace), name("sandbox", sandbox));
        if (expected != 0 && expected != found.version() && commands.earlier(caller).isEmpty()) {
            throw new Refusal(GrpcStatus.ABORTED,
                    "sandbox '" + found.name() + "' is at resource version " + found.version() + ", not " + expected);
        }
        return found;
    }

    private static SandboxView find(Views views, String workspace, String name) {
        return views.sandboxes().find(workspace, name)
                .orElseThrow(() -> Refusal.unknown(StreamId.sandbox(workspace, name)));
    }
}
