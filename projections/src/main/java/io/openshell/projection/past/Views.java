package io.openshell.projection.past;

import io.openshell.projection.nodes.NodeReads;
import io.openshell.projection.policy.GlobalPolicyReads;
import io.openshell.projection.policy.SettingsReads;
import io.openshell.projection.providers.ProviderReads;
import io.openshell.projection.sandboxes.SandboxReads;

/** What can be read at one point of the log, be it now or past. */
public record Views(
        SandboxReads sandboxes, NodeReads nodes, GlobalPolicyReads global, ProviderReads providers, SettingsReads settings) {}
