package io.openshell.model.review;

import io.openshell.model.egress.CompiledPolicy;
import io.openshell.model.policy.PolicyDocument;
import java.time.Instant;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/**
 * What another policy would have decided otherwise. Requests that the policy in force already decides as the candidate does
 * are no flips of the candidate and only counted.
 *
 * @param found the flips, most frequent first
 * @param judged verdicts looked at
 * @param changedAlready verdicts the policy in force decides as the candidate does, and otherwise than recorded
 */
public record Flips(List<Flip> found, long judged, long changedAlready) {
    /** Keeps a copy. */
    public Flips {
        found = List.copyOf(found);
    }

    /**
     * One kind of request that would be decided otherwise.
     *
     * @param allowed what the candidate decides
     * @param host destination
     * @param port destination port
     * @param method HTTP method or empty
     * @param path path or empty
     * @param binary program that asked
     * @param count how often it was asked
     * @param last when it was asked last
     * @param decisionId the last of these decisions
     * @param reason why the candidate refuses, empty when it allows
     */
    public record Flip(
            boolean allowed,
            String host,
            int port,
            String method,
            String path,
            String binary,
            long count,
            Instant last,
            String decisionId,
            String reason) {}

    private record Kind(boolean allowed, String host, int port, String method, String path, String binary) {}

    /** Judges every verdict under the candidate. */
    public static Flips of(List<RecordedVerdict> verdicts, PolicyDocument candidate, PolicyDocument inForce) {
        CompiledPolicy wanted = CompiledPolicy.compile(candidate);
        CompiledPolicy present = CompiledPolicy.compile(inForce);
        Map<Kind, Flip> flips = new HashMap<>();
        long already = 0;
        for (RecordedVerdict verdict : verdicts) {
            Judgement next = PolicyReview.judge(wanted, verdict.request());
            if (next.allows() == verdict.allowed()) {
                continue;
            }
            if (PolicyReview.judge(present, verdict.request()).allows() == next.allows()) {
                already++;
                continue;
            }
            flips.merge(kind(verdict.request(), next.allows()), flip(verdict, next), Flips::added);
        }
        List<Flip> sorted = flips.values().stream()
                .sorted(Comparator.comparingLong(Flip::count).reversed().thenComparing(Flip::host)
                        .thenComparing(Flip::port).thenComparing(Flip::method).thenComparing(Flip::path)
                        .thenComparing(Flip::binary))
                .toList();
        return new Flips(sorted, verdicts.size(), already);
    }

    /** Whether the candidate would refuse something that is allowed now. */
    public boolean refuseMore() {
        return found.stream().anyMatch(flip -> !flip.allowed());
    }

    private static Kind kind(RecordedRequest request, boolean allowed) {
        return new Kind(allowed, request.host(), request.port(), request.method(), request.path(),
                request.caller().executable());
    }

    private static Flip flip(RecordedVerdict verdict, Judgement next) {
        RecordedRequest request = verdict.request();
        String reason = switch (next) {
            case Judgement.Allowed allowed -> "";
            case Judgement.Denied denied -> denied.reason();
        };
        return new Flip(next.allows(), request.host(), request.port(), request.method(), request.path(),
                request.caller().executable(), 1, verdict.time(), verdict.decisionId(), reason);
    }

    private static Flip added(Flip one, Flip two) {
        Flip newer = Objects.requireNonNull(one).last().isAfter(two.last()) ? one : two;
        return new Flip(newer.allowed(), newer.host(), newer.port(), newer.method(), newer.path(), newer.binary(),
                one.count() + two.count(), newer.last(), newer.decisionId(), newer.reason());
    }
}
