package io.openshell.model.global;

import io.openshell.model.Command;
import io.openshell.model.policy.PolicyDocument;

/** Everything that can be asked of the global policy. */
public sealed interface GlobalCommand extends Command {

    /**
     * A user wants this policy for every sandbox.
     *
     * @param expectedVersion of the newest revision, as the user saw it; 0 for no check
     */
    record SetGlobal(PolicyDocument policy, int expectedVersion) implements GlobalCommand {}

    /** A user wants each sandbox's own policy back. */
    record DeleteGlobal() implements GlobalCommand {}
}
