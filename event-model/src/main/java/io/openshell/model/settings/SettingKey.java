package io.openshell.model.settings;

import io.openshell.model.Rejection;
import io.openshell.model.RejectionCode;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/** The settings there are. Their names stand in logs and in clients' scripts. */
public enum SettingKey {
    /** Whether programs in a sandbox may ask for rules at {@code http://policy.local}. */
    AGENT_POLICY_PROPOSALS_ENABLED("agent_policy_proposals_enabled", List.of()),
    /** Whether harmless proposals of programs are approved without a person. */
    PROPOSAL_APPROVAL_MODE("proposal_approval_mode", List.of("manual", "auto")),
    /** Whether attached providers contribute network rules. */
    PROVIDERS_V2_ENABLED("providers_v2_enabled", List.of());

    private final String key;
    private final List<String> words;

    /** A key without words is a flag. */
    SettingKey(String key, List<String> words) {
        this.key = key;
        this.words = words;
    }

    /** As it is written. */
    public String key() {
        return key;
    }

    /** What a value can be; empty for a flag. */
    public List<String> words() {
        return words;
    }

    /** The setting of this name. */
    public static Optional<SettingKey> of(String key) {
        return Arrays.stream(values()).filter(each -> each.key.equals(key)).findFirst();
    }

    /** Every name, for a message. */
    public static String names() {
        return Arrays.stream(values()).map(SettingKey::key).collect(Collectors.joining(", "));
    }

    /** Why the key cannot be changed to this; empty when it can. An absent value deletes it. */
    public static Optional<Rejection> refusal(String key, Optional<SettingValue> value) {
        Optional<SettingKey> known = of(key);
        if (known.isEmpty()) {
            return Optional.of(new Rejection(RejectionCode.SETTING_UNKNOWN,
                    "there is no setting '" + key + "'; there are " + names()));
        }
        return value.filter(given -> !known.get().takes(given)).map(given -> new Rejection(RejectionCode.SETTING_INVALID,
                "'" + key + "' is " + (known.get().words.isEmpty() ? "true or false" : String.join(" or ", known.get().words))
                        + ", not '" + given.text() + "'"));
    }

    private boolean takes(SettingValue value) {
        return switch (value) {
            case SettingValue.Flag flag -> words.isEmpty();
            case SettingValue.Word word -> words.contains(word.word());
        };
    }
}
