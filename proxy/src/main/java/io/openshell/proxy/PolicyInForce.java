package io.openshell.proxy;

import io.openshell.model.egress.CompiledPolicy;

/**
 * A compiled policy together with the generation it was installed as; always read as one.
 *
 * @param policy the policy
 * @param generation its generation
 * @param terminates whether TLS can be terminated, without which only endpoints that do without can be reached by tunnels
 */
record PolicyInForce(CompiledPolicy policy, long generation, boolean terminates) {}
