package io.openshell.proxy;

/**
 * A policy's yes, still to be checked against addresses.
 *
 * @param ask what was asked
 * @param by who asked
 * @param pinned the policy that said yes
 * @param policyKey the entry that matched
 */
record Grant(Ask ask, Identified.Known by, PolicyInForce pinned, String policyKey) {}
