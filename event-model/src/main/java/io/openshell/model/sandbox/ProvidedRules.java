package io.openshell.model.sandbox;

import io.openshell.model.policy.NetworkRule;
import io.openshell.model.policy.PolicyDocument;
import io.openshell.model.policy.PolicyHash;
import io.openshell.model.policy.PolicyValidator;
import io.openshell.model.sandbox.SandboxState.Live;
import io.openshell.model.settings.EffectiveSettings;
import io.openshell.model.settings.Settings;
import java.util.Collections;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * The network rules that the providers attached to a sandbox contribute, and the policy that decides with them. They are in no
 * revision of the sandbox's own policy: they come and go with the attachment and the setting {@code providers_v2_enabled}. Pure.
 */
public final class ProvidedRules {

    private ProvidedRules() {}

    /** Rules by the key they have in the policy; empty unless the setting asks for them. */
    public static SortedMap<String, NetworkRule> of(Live live, Settings gateway) {
        return new EffectiveSettings(gateway, live.settings()).composesProviderRules()
                ? of(live.attachments()) : Collections.emptySortedMap();
    }

    /** The rules of these attachments, whether or not they are asked for. */
    public static SortedMap<String, NetworkRule> of(List<Attachment> attachments) {
        SortedMap<String, NetworkRule> rules = new TreeMap<>();
        Map<String, Attachment> byKey = keys(attachments);
        byKey.forEach((key, each) -> each.rule().ifPresent(rule -> rules.put(key, rule)));
        return rules;
    }

    /** The policy with these rules beside its own. */
    public static PolicyDocument over(PolicyDocument own, SortedMap<String, NetworkRule> provided) {
        if (provided.isEmpty()) {
            return own;
        }
        Map<String, NetworkRule> all = new HashMap<>(own.networkPolicies());
        all.putAll(provided);
        return own.withNetworkPolicies(all);
    }

    /** Stands for the content of the rules: equal rules have equal marks. Empty for none. */
    public static String mark(SortedMap<String, NetworkRule> provided) {
        return provided.isEmpty() ? "" : PolicyHash.of(PolicyDocument.empty().withNetworkPolicies(provided));
    }

    /** Name of the attached provider that contributes the rule of this key. */
    public static Optional<String> provider(String key, Live live) {
        return Optional.ofNullable(keys(live.attachments()).get(key)).map(Attachment::provider);
    }

    /** Whether a key is one of a rule that a provider contributes. */
    public static boolean isProvided(String key) {
        return key.startsWith(PolicyValidator.RESERVED_PREFIX);
    }

    /** In the order of attaching, so that a later provider of a like name does not rename an earlier one's rule. */
    private static Map<String, Attachment> keys(List<Attachment> attachments) {
        Map<String, Attachment> keys = new LinkedHashMap<>();
        for (Attachment each : attachments) {
            String plain = PolicyValidator.RESERVED_PREFIX + each.provider().replaceAll("[^A-Za-z0-9_-]", "_");
            String key = plain;
            for (int other = 2; keys.containsKey(key); other++) {
                key = plain + "_" + other;
            }
            keys.put(key, each);
        }
        return keys;
    }
}
