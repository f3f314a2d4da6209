package io.openshell.model.global;

import io.openshell.model.Event;
import io.openshell.model.policy.PolicyDocument;

/** Everything that can happen to the global policy. */
public sealed interface GlobalEvent extends Event {

    /** From now on this revision decides for every sandbox; versions rise by one, also across deletions. */
    record GlobalPolicySet(int version, String hash, PolicyDocument policy) implements GlobalEvent {}

    /** From now on each sandbox's own policy decides again; {@code version} is the one that did until now. */
    record GlobalPolicyDeleted(int version) implements GlobalEvent {}
}
