package io.openshell.model.settings;

import java.util.Optional;

/** What counts in one sandbox: what is set for the whole gateway, otherwise what is set for the sandbox. */
public record EffectiveSettings(Settings gateway, Settings sandbox) {

    /** Where a value comes from. */
    public enum Scope {
        GATEWAY,
        SANDBOX,
        /** It is set nowhere. */
        DEFAULT
    }

    /** Where the value of a setting comes from. */
    public Scope scope(SettingKey key) {
        if (gateway.find(key).isPresent()) {
            return Scope.GATEWAY;
        }
        return sandbox.find(key).isPresent() ? Scope.SANDBOX : Scope.DEFAULT;
    }

    /** The value that counts, where there is one. */
    public Optional<SettingValue> find(SettingKey key) {
        return gateway.find(key).or(() -> sandbox.find(key));
    }

    /** Whether programs in the sandbox may ask for rules; not unless it is said. */
    public boolean proposalsEnabled() {
        return on(SettingKey.AGENT_POLICY_PROPOSALS_ENABLED);
    }

    /** Whether attached providers contribute network rules; not unless it is said. */
    public boolean composesProviderRules() {
        return on(SettingKey.PROVIDERS_V2_ENABLED);
    }

    private boolean on(SettingKey key) {
        return find(key).equals(Optional.of(new SettingValue.Flag(true)));
    }

    /** Whether harmless proposals of programs are approved without a person; anything but the very word means no. */
    public boolean approvesAutomatically() {
        return find(SettingKey.PROPOSAL_APPROVAL_MODE).equals(Optional.of(new SettingValue.Word("auto")));
    }
}
