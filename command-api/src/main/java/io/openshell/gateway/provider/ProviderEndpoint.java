package io.openshell.gateway.provider;

import static io.openshell.gateway.grpc.RequestRules.workspace;

import io.openshell.gateway.auth.Caller;
import io.openshell.gateway.grpc.Commands;
import io.openshell.gateway.grpc.Refusal;
import io.openshell.gateway.grpc.RequestRules;
import io.openshell.gateway.grpc.RpcGroup;
import io.openshell.gateway.grpc.RpcTable;
import io.openshell.gateway.grpc.ViewSource;
import io.openshell.gateway.vault.Vault;
import io.openshell.model.StreamId;
import io.openshell.model.provider.ProviderCommand;
import io.openshell.model.provider.ProviderIdentity;
import io.openshell.model.provider.ProviderProfiles;
import io.openshell.projection.past.Views;
import io.openshell.projection.providers.ProviderView;
import io.openshell.wire.datamodel.v1.Provider;
import io.openshell.wire.v1.CreateProviderRequest;
import io.openshell.wire.v1.DeleteProviderRequest;
import io.openshell.wire.v1.DeleteProviderResponse;
import io.openshell.wire.v1.GetProviderProfileRequest;
import io.openshell.wire.v1.GetProviderRequest;
import io.openshell.wire.v1.ListProviderProfilesRequest;
import io.openshell.wire.v1.ListProviderProfilesResponse;
import io.openshell.wire.v1.ListProvidersRequest;
import io.openshell.wire.v1.ListProvidersResponse;
import io.openshell.wire.v1.OpenShellGrpcService;
import io.openshell.wire.v1.ProviderProfileResponse;
import io.openshell.wire.v1.ProviderResponse;
import io.openshell.wire.v1.UpdateProviderRequest;
import io.vertx.grpc.common.GrpcStatus;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Supplier;

/**
 * Creating, reading, changing and deleting providers. Secrets go into the vault before a command names their bundle, and a
 * bundle that no event took up is destroyed again, so the log of events never holds one.
 */
public final class ProviderEndpoint implements RpcGroup {

    private static final int USUAL_ROWS = 100;
    private static final int TRIES = 5;

    private final Commands commands;
    private final ViewSource views;
    private final Vault vault;

    /** Reads from the views, changes through the commands, keeps secrets in the vault. */
    public ProviderEndpoint(Commands commands, ViewSource views, Vault vault) {
        this.commands = commands;
        this.views = views;
        this.vault = vault;
    }

    @Override
    public void addTo(RpcTable table) {
        table.unary(OpenShellGrpcService.CreateProvider, this::create);
        table.unary(OpenShellGrpcService.UpdateProvider, this::update);
        table.unary(OpenShellGrpcService.DeleteProvider, this::delete);
        table.read(OpenShellGrpcService.GetProvider, views, ProviderEndpoint::get);
        table.read(OpenShellGrpcService.ListProviders, views, ProviderEndpoint::list);
        table.read(OpenShellGrpcService.ListProviderProfiles, views, (request, at) -> profiles(request));
        table.read(OpenShellGrpcService.GetProviderProfile, views, (request, at) -> profile(request));
    }

    private CompletionStage<ProviderResponse> create(CreateProviderRequest request, Caller asking) {
        String workspace = workspace(request.getWorkspace());
        Provider wanted = request.getProvider();
        String name = ProviderRequestRules.name(wanted.getMetadata().getName());
        ProviderRequestRules.type(wanted.getType());
        ProviderRequestRules.content(wanted, workspace, false);
        ProviderRequestRules.expiries(wanted.getCredentialExpiresAtMsMap(), wanted.getCredentialsMap().keySet());
        Caller caller = asking.asking("CreateProvider", request.toBuilder().setProvider(marked(wanted)).build().toByteArray());
        boolean repeated = commands.earlier(caller).isPresent();
        ProviderIdentity identity = new ProviderIdentity(UUID.randomUUID().toString(), name, workspace,
                ProviderProfiles.canonical(wanted.getType()), wanted.getMetadata().getLabelsMap());
        ProviderChange change = ProviderChange.created(workspace, name, wanted);
        StreamId stream = StreamId.provider(workspace, name);
        return kept(repeated, change, () -> commands.submit(
                        caller, stream, new ProviderCommand.CreateProvider(identity, change.content())), workspace, name)
                .thenApply(done -> response(workspace, name));
    }

    /** Keeps the secrets, asks for the change, and lets go of whichever bundle is then of no use. */
    private CompletionStage<Void> kept(boolean repeated, ProviderChange change,
            Supplier<CompletionStage<?>> asked, String workspace, String name) {
        String before = bundle(workspace, name);
        CompletionStage<Void> stored = repeated || change.secrets().isEmpty()
                ? CompletableFuture.completedStage(null)
                : vault.keep(change.content().bundle(), change.secrets().get());
        return stored.thenCompose(done -> asked.get()).<Void>thenApply(applied -> null).whenComplete((done, failure) -> {
            String now = bundle(workspace, name);
            // Not known whether the command takes effect: the next start tidies up.
            boolean unsure = failure != null && Refusal.behind(failure).isEmpty();
            for (String each : List.of(before, change.content().bundle())) {
                if (!each.isEmpty() && !each.equals(now) && !unsure) {
                    vault.destroy(each);
                }
            }
        });
    }

    private String bundle(String workspace, String name) {
        return views.now().providers().find(workspace, name).map(view -> view.state().content().bundle()).orElse("");
    }

    private CompletionStage<ProviderResponse> update(UpdateProviderRequest request, Caller asking) {
        String workspace = workspace(request.getWorkspace());
        Provider wanted = request.getProvider();
        String name = ProviderRequestRules.name(wanted.getMetadata().getName());
        ProviderRequestRules.content(wanted, workspace, true);
        Caller caller = asking.asking("UpdateProvider", request.toBuilder().setProvider(marked(wanted)).build().toByteArray());
        boolean repeated = commands.earlier(caller).isPresent();
        return attempt(request, caller, new Target(workspace, name, repeated), 1)
                .thenApply(done -> response(workspace, name));
    }

    /** The provider to change, and whether this very change was asked for before. */
    private record Target(String workspace, String name, boolean repeated) {}

    private CompletionStage<Void> attempt(UpdateProviderRequest request, Caller caller, Target target, int number) {
        ProviderView view = find(views.now(), target.workspace(), target.name());
        long expected = request.getProvider().getMetadata().getResourceVersion();
        if (!target.repeated() && expected != 0 && expected != view.version()) {
            throw new Refusal(GrpcStatus.ABORTED, "provider '" + target.name() + "' is at resource version " + view.version()
                    + ", not " + expected);
        }
        ProviderChange change = ProviderChange.merged(view.state(), request, vault);
        String type = request.getProvider().getType().isEmpty() ? "" : ProviderProfiles.canonical(request.getProvider().getType());
        return kept(target.repeated(), change, () -> commands.submit(caller.attempt(number), StreamId.provider(target.workspace(), target.name()),
                        new ProviderCommand.UpdateProvider(type, change.content(), view.state().revision())),
                        target.workspace(), target.name())
                .exceptionallyCompose(failure -> Refusal.isRace(failure) && expected == 0 && !target.repeated() && number < TRIES
                        ? attempt(request, caller, target, number + 1)
                        : CompletableFuture.failedStage(failure));
    }

    /** The digest of a request stands in the log: it must not help anybody to guess a secret. */
    private Provider marked(Provider provider) {
        Provider.Builder marked = provider.toBuilder();
        provider.getCredentialsMap().forEach(
                (key, value) -> marked.putCredentials(key, value.isEmpty() ? "" : vault.mark(value)));
        return marked.build();
    }

    private CompletionStage<DeleteProviderResponse> delete(DeleteProviderRequest request, Caller caller) {
        String workspace = workspace(request.getWorkspace());
        String name = ProviderRequestRules.name(request.getName());
        boolean present = views.now().providers().find(workspace, name).isPresent();
        if (!present && commands.earlier(caller).isEmpty()) {
            return CompletableFuture.completedStage(DeleteProviderResponse.getDefaultInstance());
        }
        return commands.submit(caller, StreamId.provider(workspace, name), new ProviderCommand.DeleteProvider())
                .thenApply(applied -> {
                    if (views.now().providers().find(workspace, name).isEmpty()) {
                        vault.destroyAll(Vault.bundlesOf(workspace, name));
                    }
                    return DeleteProviderResponse.newBuilder().setDeleted(true).build();
                });
    }

    private static ProviderResponse get(GetProviderRequest request, Views views) {
        String name = ProviderRequestRules.name(request.getName());
        return ProviderResponse.newBuilder()
                .setProvider(ProviderMessages.provider(find(views, workspace(request.getWorkspace()), name)))
                .build();
    }

    private static ListProvidersResponse list(ListProvidersRequest request, Views views) {
        if (request.getAllWorkspaces() && !request.getWorkspace().isEmpty()) {
            throw Refusal.invalid("all_workspaces and workspace exclude each other");
        }
        Optional<String> workspace =
                request.getAllWorkspaces() ? Optional.empty() : Optional.of(workspace(request.getWorkspace()));
        ListProvidersResponse.Builder response = ListProvidersResponse.newBuilder();
        views.providers().list(workspace).stream()
                .skip(RequestRules.offset(request.getOffset()))
                .limit(RequestRules.limit(request.getLimit(), USUAL_ROWS))
                .forEach(view -> response.addProviders(ProviderMessages.provider(view)));
        return response.build();
    }

    private static ListProviderProfilesResponse profiles(ListProviderProfilesRequest request) {
        ListProviderProfilesResponse.Builder response = ListProviderProfilesResponse.newBuilder();
        ProviderProfiles.all().stream()
                .skip(RequestRules.offset(request.getOffset()))
                .limit(RequestRules.limit(request.getLimit(), USUAL_ROWS))
                .forEach(each -> response.addProfiles(ProviderMessages.profile(each)));
        return response.build();
    }

    private static ProviderProfileResponse profile(GetProviderProfileRequest request) {
        return ProviderProfiles.of(request.getId())
                .map(each -> ProviderProfileResponse.newBuilder().setProfile(ProviderMessages.profile(each)).build())
                .orElseThrow(() -> Refusal.notFound("nothing is known about providers of this type"));
    }

    private ProviderResponse response(String workspace, String name) {
        return ProviderResponse.newBuilder()
                .setProvider(ProviderMessages.provider(find(views.now(), workspace, name))).build();
    }

    private static ProviderView find(Views views, String workspace, String name) {
        return views.providers().find(workspace, name)
                .orElseThrow(() -> Refusal.unknown(StreamId.provider(workspace, name)));
    }
}
