package io.openshell.gateway.learn;

import io.openshell.model.Context;
import io.openshell.model.sandbox.Drafts;
import io.openshell.model.sandbox.SandboxEvent;
import io.openshell.wire.policy.PolicyCodec;
import io.openshell.wire.v1.DraftHistoryEntry;
import io.openshell.wire.v1.PolicyChunk;
import java.util.List;
import java.util.Locale;

/** Proposals as wire messages. Pure. */
final class ChunkMessages {
    private ChunkMessages() {}

    static PolicyChunk message(Chunk chunk) {
        Chunk.Source source = chunk.source();
        PolicyChunk.Builder message = PolicyChunk.newBuilder()
                .setId(chunk.id())
                .setStatus(chunk.status().word())
                .setRuleName(chunk.ruleName())
                .setProposedRule(PolicyCodec.rule(chunk.rule()))
                .setRationale(source.rationale())
                .setSecurityNotes(String.join("; ", chunk.notes()))
                .setConfidence((float) source.confidence())
                .setCreatedAtMs(source.first().toEpochMilli())
                .setStage(source.stage())
                .setHitCount((int) Math.min(Integer.MAX_VALUE, source.count()))
                .setFirstSeenMs(source.first().toEpochMilli())
                .setLastSeenMs(source.last().toEpochMilli())
                .setBinary(source.binary())
                .setValidationResult(chunk.review().validation())
                .setApplicationError(chunk.review().problem())
                .setCurrentEffectivePolicyHash(chunk.review().currentHash())
                .setCandidateEffectivePolicyHash(chunk.review().candidateHash())
                .setReviewToken(chunk.review().token());
        chunk.decided().map(Drafts.Decided::at).ifPresent(at -> message.setDecidedAtMs(at.toEpochMilli()));
        return chunk.status() == Chunk.Status.REJECTED ? message.setRejectionReason(chunk.note()).build() : message.build();
    }

    static String summary(List<Chunk> chunks) {
        long pending = chunks.stream().filter(chunk -> chunk.status() == Chunk.Status.PENDING).count();
        return pending + " of " + chunks.size() + " proposals are pending";
    }

    static DraftHistoryEntry entry(Context context, SandboxEvent.DraftDecided decided) {
        String word = decided.verdict().name().toLowerCase(Locale.ROOT);
        return entry(context, word, word + " by " + context.actor().subject()
                + (decided.policyVersion() == 0 ? "" : ", policy version " + decided.policyVersion())
                + (decided.reason().isEmpty() ? "" : ": " + decided.reason()), decided.draftId());
    }

    static DraftHistoryEntry entry(Context context, String type, String description, String draftId) {
        return DraftHistoryEntry.newBuilder()
                .setTimestampMs(context.time().toEpochMilli())
                .setEventType(type)
                .setDescription(description)
                .setChunkId(draftId)
                .build();
    }
}
