package io.openshell.projection.policy;

import io.openshell.model.settings.Settings;

/** Reads of the gateway's settings at one point of the log. Safe for any thread. */
@FunctionalInterface
public interface SettingsReads {

    /** What is set for every sandbox. */
    Settings gatewaySettings();
}
