package io.openshell.projection.past;

import io.openshell.model.Surroundings;
import io.openshell.projection.inference.InferenceReads;
import io.openshell.projection.nodes.NodeReads;
import io.openshell.projection.policy.GlobalPolicyReads;
import io.openshell.projection.policy.SettingsReads;
import io.openshell.projection.providers.ProviderReads;
import io.openshell.projection.sandboxes.SandboxReads;

/** What can be read at one point of the log, be it now or past. */
public record Views(
        SandboxReads sandboxes, NodeReads nodes, GlobalPolicyReads global, ProviderReads providers,
        InferenceReads inference, SettingsReads settings) {

    /** What is said for every sandbox. */
    public Surroundings around() {
        return new Surroundings(global.globalPolicy(), settings.gatewaySettings());
    }
}
