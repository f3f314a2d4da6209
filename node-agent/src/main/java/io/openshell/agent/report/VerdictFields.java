package io.openshell.agent.report;

import io.openshell.agent.plan.Generations;
import io.openshell.model.egress.Caller;
import io.openshell.proxy.Circumstances;
import io.openshell.proxy.Verdict;
import java.net.InetAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * The fields a verdict has in the activity log, see {@code docs/policy.md}. Pure. Sizes are bounded, since a workload chooses
 * most of these texts; a list is cut and says so by a last element {@code ...}.
 */
final class VerdictFields {
    private static final int MOST_CHARS = 1_024;
    private static final int MOST_ENTRIES = 16;

    private VerdictFields() {}

    static Map<String, String> of(Verdict verdict) {
        Map<String, String> fields = new TreeMap<>();
        Circumstances about = verdict.circumstances();
        fields.put("decision_id", verdict.decisionId());
        fields.put("policy_generation", Integer.toString(Generations.version(verdict.generation())));
        put(fields, "policy_source", Generations.global(verdict.generation()) ? "global" : "");
        fields.put("reason_code", verdict.code().map(Enum::name).orElse(""));
        fields.put("decision", verdict.allowed() ? "allowed" : "denied");
        put(fields, "engine", verdict.engine());
        put(fields, "policy", verdict.policyKey().equals("-") ? "" : verdict.policyKey());
        put(fields, "reason", verdict.reason());
        put(fields, "host", about.host());
        put(fields, "port", about.port() == 0 ? "" : Integer.toString(about.port()));
        put(fields, "method", about.method());
        put(fields, "path", about.path());
        put(fields, "query", about.query());
        about.caller().ifPresent(caller -> caller(fields, caller, about.sha256()));
        put(fields, "addresses", lines(about.addresses().stream().map(InetAddress::getHostAddress).toList()));
        return fields;
    }

    private static void caller(Map<String, String> fields, Caller caller, Map<String, String> sha256) {
        put(fields, "binary", caller.executable());
        put(fields, "ancestors", lines(caller.ancestors()));
        put(fields, "sha256", sha256.getOrDefault(caller.executable(), ""));
    }

    /** One element per line; a line break inside an element becomes a question mark, so that it stays one element. */
    private static String lines(List<String> elements) {
        List<String> kept = new ArrayList<>();
        for (String element : elements.subList(0, Math.min(elements.size(), MOST_ENTRIES))) {
            kept.add(cut(element.replace('\n', '?').replace('\r', '?')));
        }
        if (elements.size() > MOST_ENTRIES) {
            kept.add("...");
        }
        return String.join("\n", kept);
    }

    private static void put(Map<String, String> fields, String name, String value) {
        if (!value.isEmpty()) {
            fields.put(name, name.equals("ancestors") || name.equals("addresses") ? value : cut(value));
        }
    }

    private static String cut(String text) {
        return text.length() <= MOST_CHARS ? text : text.substring(0, MOST_CHARS) + "...";
    }
}
