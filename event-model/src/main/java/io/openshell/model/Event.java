package io.openshell.model;

import io.openshell.model.global.GlobalEvent;
import io.openshell.model.node.NodeEvent;
import io.openshell.model.provider.ProviderEvent;
import io.openshell.model.sandbox.SandboxEvent;
import io.openshell.model.settings.SettingsEvent;

/** Anything that can stand in the log. */
public sealed interface Event
        permits SandboxEvent, NodeEvent, GlobalEvent, ProviderEvent, SettingsEvent, CommandRejected, CommandUnchanged, EventSkipped {}
