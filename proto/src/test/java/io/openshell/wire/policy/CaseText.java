package io.openshell.wire.policy;

import io.openshell.model.policy.PolicyDocument;
import io.openshell.model.policy.PolicyValidator;
import io.openshell.model.policy.PolicyViolation;
import java.util.ArrayList;
import java.util.List;

/** Policies of the conformance cases, written as users write them. */
final class CaseText {
    private CaseText() {}

    /** A policy whose entry {@code k} has one endpoint, written in flow style, for curl. */
    static String endpoint(String endpoint) {
        return entry("k", endpoint, "/usr/bin/curl", true);
    }

    /** One entry with one endpoint and one binary; the first carries the start of the document. */
    static String entry(String key, String endpoint, String binary, boolean first) {
        return (first ? "version: 1\nnetwork_policies:\n" : "") + "  " + key + ":\n    endpoints: [" + endpoint
                + "]\n    binaries: [{path: '" + binary + "'}]\n";
    }

    /** What a gateway says about a text: nothing when it may be stored. */
    static List<String> problems(String text) {
        try {
            List<String> problems = new ArrayList<>();
            for (PolicyViolation violation : PolicyValidator.all(PolicyYaml.parse(text))) {
                problems.add(violation.path() + ": " + violation.message());
            }
            return problems;
        } catch (PolicyParseException refused) {
            return List.of("parse: " + refused.getMessage());
        }
    }

    static PolicyDocument parsed(String text) {
        try {
            return PolicyYaml.parse(text);
        } catch (PolicyParseException refused) {
            throw new AssertionError(refused);
        }
    }
}
