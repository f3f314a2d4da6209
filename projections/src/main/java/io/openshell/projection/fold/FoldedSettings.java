package io.openshell.projection.fold;

import io.openshell.model.StreamId;
import io.openshell.model.settings.Settings;
import io.openshell.projection.policy.SettingsReads;

/** The gateway's settings read from the fold. */
public final class FoldedSettings implements SettingsReads {

    private final EventFold fold;

    /** Reads this fold. */
    public FoldedSettings(EventFold fold) {
        this.fold = fold;
    }

    @Override
    public Settings gatewaySettings() {
        return fold.image().find(StreamId.settings())
                .map(StreamState::state)
                .filter(Settings.class::isInstance)
                .map(Settings.class::cast)
                .orElse(Settings.NONE);
    }
}
