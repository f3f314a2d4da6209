package io.openshell.model.settings;

import io.openshell.model.Event;
import java.util.Optional;

/** Everything that can happen to the gateway's settings. */
public sealed interface SettingsEvent extends Event {

    /** From now on it has this value for every sandbox; with none, each sandbox's own counts again. */
    record GatewaySettingChanged(String key, Optional<SettingValue> value) implements SettingsEvent {}
}
