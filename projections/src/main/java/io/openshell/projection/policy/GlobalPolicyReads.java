package io.openshell.projection.policy;

import io.openshell.model.global.GlobalPolicy;

/** Reads of the global policy at one point of the log. Safe for any thread. */
@FunctionalInterface
public interface GlobalPolicyReads {

    /** Every revision of it, and whether one is in force. */
    GlobalPolicy globalPolicy();
}
