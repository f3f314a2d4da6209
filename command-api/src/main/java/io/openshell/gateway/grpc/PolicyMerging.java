package io.openshell.gateway.grpc;

import io.openshell.gateway.auth.Caller;
import io.openshell.model.StreamId;
import io.openshell.model.policy.NetworkRule;
import io.openshell.model.policy.PolicyHash;
import io.openshell.model.policy.Provenance;
import io.openshell.model.policy.merge.MergeOperation;
import io.openshell.model.policy.merge.MergeOutcome;
import io.openshell.model.policy.merge.PolicyMerge;
import io.openshell.model.sandbox.PolicyRevision;
import io.openshell.model.sandbox.SandboxCommand;
import io.openshell.projection.sandboxes.SandboxView;
import io.openshell.wire.policy.MergeCodec;
import io.openshell.wire.v1.PolicyMergeOperation;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Supplier;

/**
 * Merges operations into the newest policy of a sandbox. The merge is computed here and stored as a whole revision, on the
 * condition that the newest is still the one it was computed from; a change in between starts it anew, five times at most.
 */
public final class PolicyMerging {
    /** Times a merge is tried in all. */
    static final int TRIES = 5;

    private final Commands commands;

    /** Stores through these commands. */
    public PolicyMerging(Commands commands) {
        this.commands = commands;
    }

    /** The operations of a request; what only the control plane may say about an endpoint is dropped. */
    static List<MergeOperation> operations(List<PolicyMergeOperation> messages) {
        return MergeCodec.decode(messages)
                .orElseThrow(() -> Refusal.invalid("each merge operation needs an operation this gateway knows"))
                .stream().map(PolicyMerging::authored).toList();
    }

    private static MergeOperation authored(MergeOperation operation) {
        return operation instanceof MergeOperation.AddRule add
                ? new MergeOperation.AddRule(add.key(), new NetworkRule(add.rule().name(), add.rule().endpoints().stream()
                        .map(endpoint -> endpoint.toBuilder().provenance(Provenance.AUTHOR).build()).toList(),
                        add.rule().binaries()))
                : operation;
    }

    /**
     * One merge.
     *
     * @param stream the sandbox
     * @param annotations provenance of the revision
     */
    public record Change(StreamId stream, List<MergeOperation> operations, Map<String, String> annotations) {
        /** Keeps copies. */
        public Change {
            operations = List.copyOf(operations);
            annotations = Map.copyOf(annotations);
        }
    }

    /** Stores at most one revision; completes once it is stored, at once when nothing changes, else with a {@link Refusal}. */
    public CompletionStage<Void> merge(Caller caller, Change change, Supplier<SandboxView> current) {
        return attempt(caller, change, current, 1);
    }

    private CompletionStage<Void> attempt(Caller caller, Change change, Supplier<SandboxView> current, int number) {
        PolicyRevision newest = current.get().state().policies().newest()
                .orElseThrow(() -> Refusal.precondition("the sandbox has no policy yet"));
        MergeOutcome.Merged merged = switch (PolicyMerge.apply(newest.policy(), change.operations())) {
            case MergeOutcome.Merged done -> done;
            case MergeOutcome.Refused refused -> throw refusal(refused);
        };
        if (PolicyHash.of(merged.document()).equals(newest.hash())) {
            return CompletableFuture.completedStage(null);
        }
        SandboxCommand command =
                new SandboxCommand.SetPolicy(merged.document(), change.annotations(), newest.version());
        return commands.submit(caller.attempt(number), change.stream(), command)
                .thenApply(applied -> (Void) null)
                .exceptionallyCompose(failure -> Refusal.isRace(failure) && number < TRIES
                        ? attempt(caller, change, current, number + 1)
                        : CompletableFuture.failedStage(failure));
    }

    private static Refusal refusal(MergeOutcome.Refused refused) {
        return switch (refused.kind()) {
            case INVALID -> Refusal.invalid(refused.reason());
            case NOT_FOUND -> Refusal.notFound(refused.reason());
            case CONFLICT -> Refusal.precondition(refused.reason());
        };
    }
}
