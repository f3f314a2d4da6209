package io.openshell.model.policy;

import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * The entry that turns a policy into one that learns: what no rule allows is let through to public addresses and recorded, so that
 * a policy can be made of it. The entry has no endpoints and no programs, so whoever does not know its meaning reads a rule that
 * allows nothing. Deny rules, destination checks, identity and unreadable requests are refused as ever.
 */
public final class Learning {
    /** Its key; it also stands for the missing rule in what is recorded. */
    public static final String KEY = "_learn";

    private Learning() {}

    /** Whether a document learns. */
    public static boolean isOn(PolicyDocument document) {
        return document.networkPolicies().containsKey(KEY);
    }

    /** The document with learning switched on. */
    public static PolicyDocument on(PolicyDocument document) {
        Map<String, NetworkRule> rules = new TreeMap<>(document.networkPolicies());
        rules.put(KEY, new NetworkRule("", List.of(), List.of()));
        return document.withNetworkPolicies(rules);
    }

    /** The document with learning switched off. */
    public static PolicyDocument off(PolicyDocument document) {
        Map<String, NetworkRule> rules = new TreeMap<>(document.networkPolicies());
        rules.remove(KEY);
        return document.withNetworkPolicies(rules);
    }

    static void check(PolicyDocument document, Findings findings) {
        NetworkRule rule = document.networkPolicies().get(KEY);
        findings.at(KEY).addIf(rule != null && !(rule.endpoints().isEmpty() && rule.binaries().isEmpty()),
                "switches learning on and takes neither endpoints nor binaries");
    }
}
