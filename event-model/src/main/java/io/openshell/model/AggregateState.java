package io.openshell.model;

import io.openshell.model.global.GlobalPolicy;
import io.openshell.model.node.NodeState;
import io.openshell.model.provider.ProviderState;
import io.openshell.model.sandbox.SandboxState;
import io.openshell.model.settings.Settings;

/** The state of any stream. */
public sealed interface AggregateState permits SandboxState, NodeState, GlobalPolicy, ProviderState, Settings {}
