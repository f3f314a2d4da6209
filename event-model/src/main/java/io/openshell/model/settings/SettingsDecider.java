package io.openshell.model.settings;

import io.openshell.model.Actor;
import io.openshell.model.Context;
import io.openshell.model.Decider;
import io.openshell.model.Decision;
import io.openshell.model.Rejection;
import io.openshell.model.RejectionCode;
import java.util.Optional;

/** The rules of the stream of the gateway's settings. */
public final class SettingsDecider implements Decider<SettingsCommand, Settings, SettingsEvent> {

    @Override
    public Settings initial() {
        return Settings.NONE;
    }

    @Override
    public Decision<SettingsEvent> decide(SettingsCommand command, Settings state, Context context) {
        if (context.actor().kind() == Actor.Kind.NODE) {
            return Decision.reject(RejectionCode.REPORTER_NOT_ASSIGNED, "a node has no say in the gateway's settings");
        }
        return switch (command) {
            case SettingsCommand.ChangeGatewaySetting change -> change(change, state);
        };
    }

    private static Decision<SettingsEvent> change(SettingsCommand.ChangeGatewaySetting change, Settings state) {
        Optional<Rejection> bad = SettingKey.refusal(change.key(), change.value());
        if (bad.isPresent()) {
            return new Decision.Rejected<>(bad.get());
        }
        return Optional.ofNullable(state.values().get(change.key())).equals(change.value())
                ? Decision.unchanged()
                : Decision.accept(new SettingsEvent.GatewaySettingChanged(change.key(), change.value()));
    }

    @Override
    public Settings evolve(Settings state, SettingsEvent event, Context context) {
        return switch (event) {
            case SettingsEvent.GatewaySettingChanged e -> state.with(e.key(), e.value());
        };
    }
}
