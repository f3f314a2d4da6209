package io.openshell.model.sandbox;

import io.openshell.model.policy.NetworkRule;
import java.util.Optional;

/**
 * A provider as a sandbox has it attached.
 *
 * @param provider its name in the workspace
 * @param rule what its type said at that moment: which programs reach which of its endpoints; empty when it said nothing
 */
public record Attachment(String provider, Optional<NetworkRule> rule) {}
