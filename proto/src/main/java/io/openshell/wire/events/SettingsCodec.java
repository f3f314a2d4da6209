package io.openshell.wire.events;

import io.openshell.model.settings.SettingValue;
import io.openshell.model.settings.Settings;
import io.openshell.model.settings.SettingsCommand;
import io.openshell.model.settings.SettingsEvent;
import io.openshell.wire.events.v1.SettingChange;
import io.openshell.wire.events.v1.SettingsState;
import java.util.Optional;
import java.util.TreeMap;

/** Settings, of the gateway and of sandboxes, on the wire. */
final class SettingsCodec {

    private SettingsCodec() {}

    static io.openshell.wire.events.v1.SettingsCommand encode(SettingsCommand command) {
        var out = io.openshell.wire.events.v1.SettingsCommand.newBuilder();
        return switch (command) {
            case SettingsCommand.ChangeGatewaySetting c -> out.setChange(change(c.key(), c.value())).build();
        };
    }

    static SettingsCommand decode(io.openshell.wire.events.v1.SettingsCommand in) {
        return switch (in.getBodyCase()) {
            case CHANGE -> new SettingsCommand.ChangeGatewaySetting(in.getChange().getKey(), value(in.getChange()));
            case BODY_NOT_SET -> throw new UndecodableRecord("a command to the settings of a newer release");
        };
    }

    static io.openshell.wire.events.v1.SettingsEvent encode(SettingsEvent event) {
        var out = io.openshell.wire.events.v1.SettingsEvent.newBuilder();
        return switch (event) {
            case SettingsEvent.GatewaySettingChanged e -> out.setChanged(change(e.key(), e.value())).build();
        };
    }

    static SettingsEvent decode(io.openshell.wire.events.v1.SettingsEvent in) {
        return switch (in.getBodyCase()) {
            case CHANGED -> new SettingsEvent.GatewaySettingChanged(in.getChanged().getKey(), value(in.getChanged()));
            case BODY_NOT_SET -> throw new UndecodableRecord("an event of the settings without a body");
        };
    }

    static SettingChange change(String key, Optional<SettingValue> value) {
        SettingChange.Builder out = SettingChange.newBuilder().setKey(key);
        value.ifPresent(given -> {
            switch (given) {
                case SettingValue.Flag flag -> out.setFlag(flag.on());
                case SettingValue.Word word -> out.setWord(word.word());
            }
        });
        return out.build();
    }

    static Optional<SettingValue> value(SettingChange in) {
        return switch (in.getValueCase()) {
            case FLAG -> Optional.of(new SettingValue.Flag(in.getFlag()));
            case WORD -> Optional.of(new SettingValue.Word(in.getWord()));
            case VALUE_NOT_SET -> Optional.empty();
        };
    }

    static SettingsState state(Settings settings) {
        SettingsState.Builder out = SettingsState.newBuilder().setRevision(settings.revision());
        settings.values().forEach((key, value) -> out.addValues(change(key, Optional.of(value))));
        return out.build();
    }

    static Settings state(SettingsState in) {
        TreeMap<String, SettingValue> values = new TreeMap<>();
        in.getValuesList().forEach(each -> value(each).ifPresent(value -> values.put(each.getKey(), value)));
        return new Settings(values, in.getRevision());
    }
}
