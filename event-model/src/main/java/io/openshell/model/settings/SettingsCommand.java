package io.openshell.model.settings;

import io.openshell.model.Command;
import java.util.Optional;

/** Everything that can be asked of the gateway's settings. */
public sealed interface SettingsCommand extends Command {

    /** A user wants a setting to have this value for every sandbox, or with none to be each sandbox's own again. */
    record ChangeGatewaySetting(String key, Optional<SettingValue> value) implements SettingsCommand {}
}
