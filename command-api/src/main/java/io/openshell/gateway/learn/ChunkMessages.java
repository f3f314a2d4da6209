package io.openshell.gateway.learn;

import io.openshell.model.Context;
import io.openshell.model.policy.PolicyDocument;
import io.openshell.model.sandbox.Drafts;
import io.openshell.model.sandbox.SandboxEvent;
import io.openshell.wire.policy.PolicyCodec;
import io.openshell.wire.v1.DraftHistoryEntry;
import io.openshell.wire.v1.PolicyChunk;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** Proposals as wire messages. Pure. */
final class ChunkMessages {
    private ChunkMessages() {}

    static PolicyChunk message(Chunk chunk) {
        String key = chunk.proposal().ruleName();
        PolicyChunk.Builder message = PolicyChunk.newBuilder()
                .setId(chunk.id())
                .setStatus(chunk.status().word())
                .setRuleName(key)
                .setProposedRule(PolicyCodec.encode(PolicyDocument.empty().withNetworkPolicies(
                        Map.of(key, chunk.proposal().rule()))).getNetworkPoliciesOrThrow(key))
                .setRationale(chunk.proposal().rationale() + ": " + chunk.group().reason())
                .setSecurityNotes(String.join("; ", chunk.notes()))
                .setConfidence((float) chunk.proposal().confidence())
                .setCreatedAtMs(chunk.group().first().toEpochMilli())
                .setStage(chunk.group().stage())
                .setHitCount((int) Math.min(Integer.MAX_VALUE, chunk.group().count()))
                .setFirstSeenMs(chunk.group().first().toEpochMilli())
                .setLastSeenMs(chunk.group().last().toEpochMilli())
                .setBinary(chunk.group().binary())
                .setReviewToken(chunk.token());
        chunk.decided().map(Drafts.Decided::at).ifPresent(at -> message.setDecidedAtMs(at.toEpochMilli()));
        return chunk.status() == Chunk.Status.REJECTED ? message.setRejectionReason(chunk.note()).build() : message.build();
    }

    static String summary(List<Chunk> chunks) {
        long pending = chunks.stream().filter(chunk -> chunk.status() == Chunk.Status.PENDING).count();
        return pending + " of " + chunks.size() + " proposals are pending";
    }

    static DraftHistoryEntry entry(Context context, SandboxEvent.DraftDecided decided) {
        String word = decided.verdict().name().toLowerCase(Locale.ROOT);
        return DraftHistoryEntry.newBuilder()
                .setTimestampMs(context.time().toEpochMilli())
                .setEventType(word)
                .setDescription(word + " by " + context.actor().subject()
                        + (decided.policyVersion() == 0 ? "" : ", policy version " + decided.policyVersion())
                        + (decided.reason().isEmpty() ? "" : ": " + decided.reason()))
                .setChunkId(decided.draftId())
                .build();
    }
}
