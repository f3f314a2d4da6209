package io.openshell.model;

import io.openshell.model.global.GlobalCommand;
import io.openshell.model.node.NodeCommand;
import io.openshell.model.provider.ProviderCommand;
import io.openshell.model.sandbox.SandboxCommand;
import io.openshell.model.settings.SettingsCommand;

/** Anything a stream can be asked. */
public sealed interface Command permits SandboxCommand, NodeCommand, GlobalCommand, ProviderCommand, SettingsCommand, StreamCommand {}
