package io.openshell.gateway.learn;

import static io.openshell.gateway.grpc.RequestRules.name;
import static io.openshell.gateway.grpc.RequestRules.workspace;

import io.openshell.gateway.auth.Caller;
import io.openshell.gateway.grpc.Commands;
import io.openshell.gateway.grpc.Refusal;
import io.openshell.gateway.grpc.RpcGroup;
import io.openshell.gateway.grpc.RpcTable;
import io.openshell.gateway.grpc.ViewSource;
import io.openshell.model.EventEnvelope;
import io.openshell.model.StreamId;
import io.openshell.model.Surroundings;
import io.openshell.model.provider.CredentialReach;
import io.openshell.model.sandbox.DraftApproval;
import io.openshell.model.sandbox.Drafts;
import io.openshell.model.sandbox.PolicyRevision;
import io.openshell.model.sandbox.SandboxCommand;
import io.openshell.model.sandbox.SandboxEvent;
import io.openshell.projection.history.History;
import io.openshell.projection.past.Views;
import io.openshell.projection.sandboxes.SandboxView;
import io.openshell.projection.sandboxes.SandboxViews;
import io.openshell.projection.verdicts.Verdicts;
import io.openshell.wire.policy.PolicyCodec;
import io.openshell.wire.v1.ApproveAllDraftChunksRequest;
import io.openshell.wire.v1.ApproveAllDraftChunksResponse;
import io.openshell.wire.v1.ApproveDraftChunkRequest;
import io.openshell.wire.v1.ApproveDraftChunkResponse;
import io.openshell.wire.v1.ClearDraftChunksRequest;
import io.openshell.wire.v1.ClearDraftChunksResponse;
import io.openshell.wire.v1.DraftChunkApproval;
import io.openshell.wire.v1.DraftHistoryEntry;
import io.openshell.wire.v1.EditDraftChunkRequest;
import io.openshell.wire.v1.EditDraftChunkResponse;
import io.openshell.wire.v1.GetDraftHistoryRequest;
import io.openshell.wire.v1.GetDraftHistoryResponse;
import io.openshell.wire.v1.GetDraftPolicyRequest;
import io.openshell.wire.v1.GetDraftPolicyResponse;
import io.openshell.wire.v1.OpenShellGrpcService;
import io.openshell.wire.v1.RejectDraftChunkRequest;
import io.openshell.wire.v1.RejectDraftChunkResponse;
import io.openshell.wire.v1.UndoDraftChunkRequest;
import io.openshell.wire.v1.UndoDraftChunkResponse;
import io.vertx.core.Vertx;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletionStage;
import java.util.stream.Collectors;

/** Proposals: reading them and deciding about them. Reads the log and waits for commands on worker threads. */
public final class DraftEndpoint implements RpcGroup {

    private static final Duration DEADLINE = Duration.ofSeconds(20);
    private static final int LONGEST_REASON = 1_024;

    /** What the endpoint works with. */
    public record Ports(Vertx vertx, Commands commands, SandboxViews sandboxes, ViewSource views, Verdicts verdicts, History history) {}

    private final Ports ports;

    /** Reads and decides through these. */
    public DraftEndpoint(Ports ports) {
        this.ports = ports;
    }

    @Override
    public void addTo(RpcTable table) {
        table.unary(OpenShellGrpcService.GetDraftPolicy, this::get);
        table.unary(OpenShellGrpcService.ApproveDraftChunk, this::approve);
        table.unary(OpenShellGrpcService.RejectDraftChunk, this::reject);
        table.unary(OpenShellGrpcService.ApproveAllDraftChunks, this::approveAll);
        table.unary(OpenShellGrpcService.EditDraftChunk, this::edit);
        table.unary(OpenShellGrpcService.UndoDraftChunk, this::undo);
        table.unary(OpenShellGrpcService.ClearDraftChunks, this::clear);
        table.unary(OpenShellGrpcService.GetDraftHistory, this::history);
    }

    /** The sandbox one call is about, and who calls. */
    private record Subject(String workspace, String name, Caller caller) {
        StreamId stream() {
            return StreamId.sandbox(workspace, name);
        }
    }

    private static Subject subject(String workspace, String name, Caller caller) {
        return new Subject(workspace(workspace), name("sandbox", name), caller);
    }

    private <T> CompletionStage<T> blocking(Callable<T> work) {
        return ports.vertx().executeBlocking(work, false).toCompletionStage();
    }

    private CompletionStage<GetDraftPolicyResponse> get(GetDraftPolicyRequest request, Caller caller) {
        Subject subject = subject(request.getWorkspace(), request.getName(), caller);
        return blocking(() -> {
            List<Chunk> chunks = chunks(subject);
            GetDraftPolicyResponse.Builder response = GetDraftPolicyResponse.newBuilder()
                    .setDraftVersion(view(subject).version())
                    .setRollingSummary(ChunkMessages.summary(chunks));
            chunks.stream().filter(chunk -> request.getStatusFilter().isEmpty()
                            || request.getStatusFilter().equals(chunk.status().word()))
                    .forEach(chunk -> response.addChunks(ChunkMessages.message(chunk)));
            return response.build();
        });
    }

    private CompletionStage<ApproveDraftChunkResponse> approve(ApproveDraftChunkRequest request, Caller caller) {
        Subject subject = subject(request.getWorkspace(), request.getName(), caller);
        return blocking(() -> {
            approve(subject, request.getChunkId(), request.getReviewToken());
            PolicyRevision newest = newest(subject);
            return ApproveDraftChunkResponse.newBuilder().setPolicyVersion(newest.version()).setPolicyHash(newest.hash()).build();
        });
    }

    private void approve(Subject subject, String chunkId, String token) throws Exception {
        Chunk chunk = chunk(subject, chunkId);
        if (!chunk.review().token().equals(token)) {
            throw Refusal.precondition("the proposal or the policy changed since it was looked at; look at it again");
        }
        if (chunk.status() == Chunk.Status.APPROVED) {
            throw Refusal.precondition("proposal " + chunkId + " is approved already");
        }
        decide(subject, chunkId, Drafts.Verdict.APPROVED, "", Optional.of(
                DraftApproval.of(chunk.id(), chunk.ruleName(), chunk.rule(), newest(subject))));
    }

    private CompletionStage<RejectDraftChunkResponse> reject(RejectDraftChunkRequest request, Caller caller) {
        Subject subject = subject(request.getWorkspace(), request.getName(), caller);
        if (request.getReason().length() > LONGEST_REASON) {
            throw Refusal.invalid("a reason has at most " + LONGEST_REASON + " characters");
        }
        return blocking(() -> {
            Chunk chunk = chunk(subject, request.getChunkId());
            decide(subject, chunk.id(), Drafts.Verdict.REJECTED, request.getReason(), takenBack(subject, chunk));
            return RejectDraftChunkResponse.getDefaultInstance();
        });
    }

    private CompletionStage<EditDraftChunkResponse> edit(EditDraftChunkRequest request, Caller caller) {
        Subject subject = subject(request.getWorkspace(), request.getName(), caller);
        if (!request.hasProposedRule()) {
            throw Refusal.invalid("proposed_rule is required");
        }
        return blocking(() -> {
            Chunk chunk = chunk(subject, request.getChunkId());
            if (chunk.status() != Chunk.Status.PENDING) {
                throw Refusal.precondition("proposal " + chunk.id() + " is " + chunk.status().word() + ", not pending");
            }
            ports.commands().submit(caller, subject.stream(),
                            new SandboxCommand.EditDraft(chunk.id(), PolicyCodec.rule(request.getProposedRule())))
                    .toCompletableFuture().get();
            return EditDraftChunkResponse.getDefaultInstance();
        });
    }

    private CompletionStage<UndoDraftChunkResponse> undo(UndoDraftChunkRequest request, Caller caller) {
        Subject subject = subject(request.getWorkspace(), request.getName(), caller);
        return blocking(() -> {
            Chunk chunk = chunk(subject, request.getChunkId());
            if (chunk.status() != Chunk.Status.APPROVED) {
                throw Refusal.precondition("proposal " + chunk.id() + " is " + chunk.status().word() + ", not approved");
            }
            decide(subject, chunk.id(), Drafts.Verdict.UNDONE, "", takenBack(subject, chunk));
            PolicyRevision newest = newest(subject);
            return UndoDraftChunkResponse.newBuilder().setPolicyVersion(newest.version()).setPolicyHash(newest.hash()).build();
        });
    }

    private Optional<SandboxCommand.SetPolicy> takenBack(Subject subject, Chunk chunk) {
        return chunk.status() == Chunk.Status.APPROVED
                ? Approval.takenBack(chunk.id(), chunk.decided().orElseThrow().policyVersion(), view(subject).state())
                : Optional.empty();
    }

    private CompletionStage<ApproveAllDraftChunksResponse> approveAll(ApproveAllDraftChunksRequest request, Caller caller) {
        Subject subject = subject(request.getWorkspace(), request.getName(), caller);
        Map<String, String> asked = request.getApprovalsList().stream().collect(
                Collectors.toMap(DraftChunkApproval::getChunkId, DraftChunkApproval::getReviewToken, (one, two) -> two));
        return blocking(() -> {
            List<Chunk> pending = pending(subject).stream()
                    .filter(chunk -> asked.isEmpty() || asked.containsKey(chunk.id())).toList();
            if (pending.isEmpty()) {
                throw Refusal.precondition("no proposal is pending");
            }
            requireTokens(pending, asked);
            int approved = 0;
            for (Chunk chunk : pending) {
                if (chunk.notes().isEmpty() || request.getIncludeSecurityFlagged()) {
                    // Each approval changes the policy and with it the tokens of the others.
                    approve(subject, chunk.id(), chunk(subject, chunk.id()).review().token());
                    approved++;
                }
            }
            PolicyRevision newest = newest(subject);
            return ApproveAllDraftChunksResponse.newBuilder().setPolicyVersion(newest.version()).setPolicyHash(newest.hash())
                    .setChunksApproved(approved).setChunksSkipped(pending.size() - approved).build();
        });
    }

    private static void requireTokens(List<Chunk> pending, Map<String, String> asked) {
        for (Chunk chunk : pending) {
            if (!asked.isEmpty() && !chunk.review().token().equals(asked.get(chunk.id()))) {
                throw Refusal.precondition("proposal " + chunk.id() + " changed since it was looked at; look at it again");
            }
        }
    }

    private CompletionStage<ClearDraftChunksResponse> clear(ClearDraftChunksRequest request, Caller caller) {
        Subject subject = subject(request.getWorkspace(), request.getName(), caller);
        return blocking(() -> {
            List<Chunk> pending = pending(subject);
            for (Chunk chunk : pending) {
                decide(subject, chunk.id(), Drafts.Verdict.CLEARED, "", Optional.empty());
            }
            return ClearDraftChunksResponse.newBuilder().setChunksCleared(pending.size()).build();
        });
    }

    private CompletionStage<GetDraftHistoryResponse> history(GetDraftHistoryRequest request, Caller caller) {
        Subject subject = subject(request.getWorkspace(), request.getName(), caller);
        view(subject);
        return blocking(() -> {
            GetDraftHistoryResponse.Builder response = GetDraftHistoryResponse.newBuilder();
            ports.history().of(subject.stream(), DEADLINE).forEach(entry -> {
                entry(entry.event()).ifPresent(response::addEntries);
            });
            return response.build();
        });
    }

    private static Optional<DraftHistoryEntry> entry(EventEnvelope event) {
        if (event.event() instanceof SandboxEvent.DraftDecided decided) {
            return Optional.of(ChunkMessages.entry(event.context(), decided));
        }
        if (event.event() instanceof SandboxEvent.ProposalSubmitted asked) {
            return Optional.of(ChunkMessages.entry(event.context(), "submitted", "rule " + asked.ruleName()
                    + " submitted from inside" + (asked.intent().isEmpty() ? "" : ": " + asked.intent()), asked.proposalId()));
        }
        return event.event() instanceof SandboxEvent.DraftEdited edited
                ? Optional.of(ChunkMessages.entry(
                        event.context(), "edited", "edited by " + event.context().actor().subject(), edited.draftId()))
                : Optional.empty();
    }

    private void decide(Subject subject, String chunkId, Drafts.Verdict verdict, String reason,
            Optional<SandboxCommand.SetPolicy> change) throws Exception {
        ports.commands().submit(subject.caller(), subject.stream(),
                new SandboxCommand.DecideDraft(chunkId, verdict, reason, change)).toCompletableFuture().get();
    }

    private List<Chunk> pending(Subject subject) {
        return chunks(subject).stream().filter(chunk -> chunk.status() == Chunk.Status.PENDING).toList();
    }

    private Chunk chunk(Subject subject, String chunkId) {
        return chunks(subject).stream().filter(chunk -> chunk.id().equals(chunkId)).findFirst()
                .orElseThrow(() -> Refusal.notFound("sandbox '" + subject.name() + "' has no proposal '" + chunkId + "'"));
    }

    private List<Chunk> chunks(Subject subject) {
        SandboxView view = view(subject);
        Views now = ports.views().now();
        ViewedStreams others = new ViewedStreams(now);
        Surroundings around = new Surroundings(now.global().globalPolicy(), now.settings().gatewaySettings(),
                CredentialReach.hosts(view.state(), name -> others.provider(view.workspace(), name)), Map.of());
        return Chunks.of(new Standing(view.state(), around, others), ports.verdicts().of(view.id(), DEADLINE).lines());
    }

    private PolicyRevision newest(Subject subject) {
        return view(subject).state().policies().newest().orElseThrow();
    }

    private SandboxView view(Subject subject) {
        return ports.sandboxes().find(subject.workspace(), subject.name()).orElseThrow(() -> Refusal.unknown(subject.stream()));
    }
}
