package io.openshell.gateway.query;

import static io.openshell.gateway.grpc.RequestRules.name;
import static io.openshell.gateway.grpc.RequestRules.workspace;

import com.google.protobuf.Timestamp;
import io.openshell.gateway.auth.Caller;
import io.openshell.gateway.grpc.Refusal;
import io.openshell.gateway.grpc.RequestRules;
import io.openshell.gateway.grpc.RpcGroup;
import io.openshell.gateway.grpc.RpcTable;
import io.openshell.model.StreamId;
import io.openshell.model.Surroundings;
import io.openshell.model.egress.ReasonCode;
import io.openshell.model.policy.PolicyDocument;
import io.openshell.model.policy.PolicyValidator;
import io.openshell.model.policy.PolicyViolation;
import io.openshell.model.review.Flips;
import io.openshell.model.review.RecordedVerdict;
import io.openshell.model.sandbox.PolicyRevision;
import io.openshell.model.sandbox.ProvidedRules;
import io.openshell.projection.sandboxes.SandboxView;
import io.openshell.projection.sandboxes.SandboxViews;
import io.openshell.projection.verdicts.VerdictLine;
import io.openshell.projection.verdicts.Verdicts;
import io.openshell.wire.control.v1.ExplainRequest;
import io.openshell.wire.control.v1.Explanation;
import io.openshell.wire.control.v1.PolicyReviewGrpcService;
import io.openshell.wire.control.v1.VerdictFlip;
import io.openshell.wire.control.v1.WhatIfRequest;
import io.openshell.wire.control.v1.WhatIfResponse;
import io.openshell.wire.policy.PolicyCodec;
import io.vertx.core.Vertx;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletionStage;
import java.util.function.Supplier;
import java.util.stream.Collectors;

/** Decisions of the proxies, explained and judged again. Reads the log on worker threads. */
public final class PolicyReviewEndpoint implements RpcGroup {

    private static final Duration DEADLINE = Duration.ofSeconds(20);
    private static final int MOST_FLIPS = 1_000;
    private static final int MOST_ID = 128;

    private final Vertx vertx;
    private final SandboxViews sandboxes;
    private final Supplier<Surroundings> around;
    private final Verdicts verdicts;

    /** Reads from these; {@code around} tells what is said for every sandbox now. */
    public PolicyReviewEndpoint(Vertx vertx, SandboxViews sandboxes, Supplier<Surroundings> around, Verdicts verdicts) {
        this.vertx = vertx;
        this.sandboxes = sandboxes;
        this.around = around;
        this.verdicts = verdicts;
    }

    @Override
    public void addTo(RpcTable table) {
        table.unary(PolicyReviewGrpcService.Explain, this::explain);
        table.unary(PolicyReviewGrpcService.WhatIf, this::whatIf);
    }

    private <T> CompletionStage<T> blocking(Callable<T> work) {
        return vertx.executeBlocking(work, false).toCompletionStage();
    }

    private CompletionStage<Explanation> explain(ExplainRequest request, Caller caller) {
        String id = request.getDecisionId();
        if (id.isEmpty() || id.length() > MOST_ID) {
            throw Refusal.invalid("decision_id is required and has at most " + MOST_ID + " characters");
        }
        return blocking(() -> {
            VerdictLine line = verdicts.find(id, DEADLINE).orElseThrow(() -> Refusal.notFound(
                    "the log holds no decision '" + id + "'; `openshell logs` shows decisions with their fields"));
            return Explanations.of(line, sandboxes.byId(line.sandboxId()), around.get());
        });
    }

    private CompletionStage<WhatIfResponse> whatIf(WhatIfRequest request, Caller caller) {
        if (!request.hasPolicy()) {
            throw Refusal.invalid("policy is required");
        }
        RequestRules.policySize(request.getPolicy().getSerializedSize());
        PolicyDocument candidate = PolicyCodec.decode(request.getPolicy());
        List<PolicyViolation> violations = PolicyValidator.all(candidate);
        if (!violations.isEmpty()) {
            throw Refusal.invalid(violations.stream().map(PolicyViolation::toString).collect(Collectors.joining("; ")));
        }
        String workspace = workspace(request.getWorkspace());
        String name = name("sandbox", request.getName());
        SandboxView view = sandboxes.find(workspace, name).orElseThrow(() -> Refusal.unknown(StreamId.sandbox(workspace, name)));
        Surroundings now = around.get();
        PolicyDocument inForce = inForce(view, now);
        PolicyDocument would = ProvidedRules.over(candidate, ProvidedRules.of(view.state(), now.settings()));
        Instant since = request.hasSince()
                ? Instant.ofEpochSecond(request.getSince().getSeconds(), request.getSince().getNanos()) : Instant.MIN;
        return blocking(() -> {
            Verdicts.Read read = verdicts.of(view.id(), DEADLINE);
            List<VerdictLine> wanted = read.lines().stream().filter(line -> !line.time().isBefore(since)).toList();
            List<RecordedVerdict> judgeable = wanted.stream()
                    .filter(line -> line.code().filter(ReasonCode::isAboutTheWay).isEmpty()).flatMap(line -> line.judgeable().stream()).toList();
            return message(Flips.of(judgeable, would, inForce))
                    .setSkipped(wanted.size() - judgeable.size()).setTruncated(read.truncated()).build();
        });
    }

    private static PolicyDocument inForce(SandboxView view, Surroundings now) {
        PolicyDocument own = view.state().policies().revision(view.state().policies().activeVersion())
                .or(() -> view.state().policies().newest())
                .map(PolicyRevision::policy).orElseGet(PolicyDocument::empty);
        return now.deciding(own, view.state());
    }

    private static WhatIfResponse.Builder message(Flips flips) {
        WhatIfResponse.Builder response = WhatIfResponse.newBuilder()
                .setJudged(flips.judged()).setChangedAlready(flips.changedAlready());
        // Refusals first, since they are what breaks.
        flips.found().stream().sorted((one, two) -> Boolean.compare(one.allowed(), two.allowed())).limit(MOST_FLIPS)
                .forEach(flip -> response.addFlips(message(flip)));
        return response;
    }

    private static VerdictFlip message(Flips.Flip flip) {
        return VerdictFlip.newBuilder().setNewlyAllowed(flip.allowed()).setHost(flip.host()).setPort(flip.port())
                .setMethod(flip.method()).setPath(flip.path()).setBinary(flip.binary()).setCount(flip.count())
                .setLast(timestamp(flip.last())).setDecisionId(flip.decisionId()).setReason(flip.reason()).build();
    }

    static Timestamp timestamp(Instant time) {
        return Timestamp.newBuilder().setSeconds(time.getEpochSecond()).setNanos(time.getNano()).build();
    }
}
