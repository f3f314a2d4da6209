package io.openshell.model.policy;

import java.util.ArrayList;
import java.util.List;

/**
 * Says everything that is wrong with a document. A document may be enforced only if every check here returns an empty list. Pure and
 * thread safe; texts from the document are shortened in messages.
 */
public final class PolicyValidator {
    /** Keys that only the control plane may use, for rules it composes itself. */
    public static final String RESERVED_PREFIX = "_provider_";

    private PolicyValidator() {}

    /** Checks every section, endpoint and middleware on its own. */
    public static List<PolicyViolation> structural(PolicyDocument document) {
        Findings findings = Findings.start();
        findings.at("version").addIf(document.version() != PolicyDocument.CURRENT_VERSION,
                "must be " + PolicyDocument.CURRENT_VERSION + ", not " + Integer.toUnsignedString(document.version()));
        StaticRules.check(document, findings);
        document.networkPolicies().forEach((key, rule) -> {
            Findings at = findings.at("network_policies").at(key);
            for (int i = 0; i < rule.endpoints().size(); i++) {
                EndpointRules.check(rule.endpoints().get(i), at.at("endpoints", i));
            }
            for (int i = 0; i < rule.binaries().size(); i++) {
                String path = rule.binaries().get(i).path();
                at.at("binaries", i).at("path").addIf(
                        path.indexOf('*') >= 0 && !Glob.path(path).isValid(), "is not a usable pattern");
            }
        });
        Learning.check(document, findings.at("network_policies"));
        MiddlewareRules.check(document, findings.at("network_middlewares"));
        return findings.all();
    }

    /** Checks that no two endpoints that can match the same connection or request ask for different treatment. */
    public static List<PolicyViolation> ambiguity(PolicyDocument document) {
        return AmbiguityRules.check(document);
    }

    /** Checks the request rules as the enforcing side understands them. */
    public static List<PolicyViolation> loadable(PolicyDocument document) {
        Findings findings = Findings.start();
        document.networkPolicies().forEach((key, rule) -> {
            for (int i = 0; i < rule.endpoints().size(); i++) {
                LoadRules.check(rule.endpoints().get(i), findings.at("network_policies").at(key).at("endpoints", i));
            }
        });
        return findings.all();
    }

    /** Refuses rule keys an author may not use. */
    public static List<PolicyViolation> reservedKeys(PolicyDocument document) {
        Findings findings = Findings.start();
        document.networkPolicies().keySet().stream().filter(key -> key.startsWith(RESERVED_PREFIX)).forEach(key ->
                findings.at("network_policies").at(key).add("keys starting with " + RESERVED_PREFIX + " are reserved"));
        return findings.all();
    }

    /** All checks together, without the one on reserved keys: the effective policy of a sandbox may hold composed rules. */
    public static List<PolicyViolation> all(PolicyDocument document) {
        List<PolicyViolation> violations = new ArrayList<>(structural(document));
        violations.addAll(ambiguity(document));
        violations.addAll(loadable(document));
        return List.copyOf(violations);
    }
}
