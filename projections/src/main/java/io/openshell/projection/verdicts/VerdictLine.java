package io.openshell.projection.verdicts;

import io.openshell.model.egress.Caller;
import io.openshell.model.egress.ReasonCode;
import io.openshell.model.policy.IpLiteral;
import io.openshell.model.review.RecordedRequest;
import io.openshell.model.review.RecordedVerdict;
import io.openshell.projection.logs.LogLine;
import java.net.InetAddress;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A log line that records a decision. Its fields are listed in {@code docs/policy.md}; what is absent or unreadable reads as
 * unknown, since older nodes wrote fewer fields.
 *
 * @param policyVersion the policy revision that decided, 0 when unknown
 * @param global whether it is one of the global policy
 * @param policyKey the entry that matched, empty when none did
 * @param code the class of a denial
 * @param request the request; its caller has an empty executable when the program was not found
 * @param sha256 hash of the program, empty when unknown
 */
public record VerdictLine(
        String decisionId,
        String sandboxId,
        Instant time,
        boolean allowed,
        int policyVersion,
        boolean global,
        String policyKey,
        Optional<ReasonCode> code,
        String reason,
        RecordedRequest request,
        String sha256) {

    /** Name of the field that tells decisions from other lines. */
    public static final String DECISION_ID = "decision_id";

    /** The decision a line records; empty for any other line. */
    public static Optional<VerdictLine> of(LogLine line) {
        Map<String, String> fields = line.fields();
        String id = fields.getOrDefault(DECISION_ID, "");
        if (id.isEmpty() || !fields.containsKey("decision")) {
            return Optional.empty();
        }
        return Optional.of(new VerdictLine(id, line.sandboxId(), line.time(), fields.get("decision").equals("allowed"),
                number(fields, "policy_generation"), fields.getOrDefault("policy_source", "").equals("global"), fields.getOrDefault("policy", ""), code(fields),
                fields.getOrDefault("reason", ""), request(fields), fields.getOrDefault("sha256", "")));
    }

    /** The decision for judging it again; empty when the record does not say enough, or was cut. */
    public Optional<RecordedVerdict> judgeable() {
        boolean whole = !request.host().isEmpty() && request.port() > 0
                && !request.caller().executable().isEmpty() && !request.caller().executable().endsWith("...");
        return whole ? Optional.of(new RecordedVerdict(decisionId, time, allowed, request)) : Optional.empty();
    }

    private static RecordedRequest request(Map<String, String> fields) {
        Caller caller = new Caller(fields.getOrDefault("binary", ""), lines(fields, "ancestors"), List.of());
        List<InetAddress> addresses =
                lines(fields, "addresses").stream().map(IpLiteral::parse).flatMap(Optional::stream).toList();
        return new RecordedRequest(fields.getOrDefault("host", ""), number(fields, "port"),
                fields.getOrDefault("method", ""), fields.getOrDefault("path", ""), fields.getOrDefault("query", ""), caller, addresses);
    }

    private static List<String> lines(Map<String, String> fields, String name) {
        return fields.getOrDefault(name, "").lines().filter(line -> !line.isEmpty() && !line.equals("...")).toList();
    }

    private static int number(Map<String, String> fields, String name) {
        String text = fields.getOrDefault(name, "");
        return text.matches("[0-9]{1,9}") ? Integer.parseInt(text) : 0;
    }

    private static Optional<ReasonCode> code(Map<String, String> fields) {
        String name = fields.getOrDefault("reason_code", "");
        for (ReasonCode code : ReasonCode.values()) {
            if (code.name().equals(name)) {
                return Optional.of(code);
            }
        }
        return Optional.empty();
    }
}
